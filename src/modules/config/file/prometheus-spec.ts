import { list, listOfPresent, struct } from '../../../core/document/collections.js';
import {
  bool,
  type Decoder,
  decoder,
  integer,
  nullable,
  oneOf,
  type ParseResult,
  parsedText,
  refined,
  text,
} from '../../../core/document/decoder.js';
import type { ExcludedFromEnforcement } from '../../../core/custom-resource/prometheus-spec.js';
import { parseByteSize } from '../../../core/duration/byte-size.js';
import { scrapeProtocol } from '../../../core/scrape-config/scrape-fields.js';
import { labelName } from '../../../core/scrape-config/name-schemes.js';
import { ownDuration } from './own-duration.js';
import { scrapeClasses } from './scrape-classes.js';

/** Go's `*int64` with the minimum that the definition of the Prometheus resource lays down. */
const limit = nullable(integer({ min: 0n, max: 2n ** 63n - 1n }));

/** Kept as it was written, as the operator does; the empty text is no limit. */
const size: Decoder<string> = parsedText((written): ParseResult<string> => {
  if (written === '') return { ok: true, value: '' };
  const parsed = parseByteSize(written);
  if (!parsed.ok) return parsed;
  if (parsed.value >= 0) return { ok: true, value: written };
  return { ok: false, message: 'must not be negative', hint: 'write it like 15MB or 1GiB' };
}, '');

const monitoringGroup = 'monitoring.coreos.com';
const excludableResources = ['servicemonitors', 'podmonitors', 'probes', 'scrapeconfigs'] as const;
const resourceHint = `use one of ${excludableResources.join(', ')}`;
const namespaceHint = 'name the namespace of the resources';
const reference = struct({
  group: oneOf([monitoringGroup, ''], ''),
  // Rules are none of the allocator's business; a list that is shared with a Prometheus may name them.
  resource: oneOf([...excludableResources, 'prometheusrules', ''], ''),
  namespace: text,
  name: text,
});

const emptyReference = { group: '', resource: '', namespace: '', name: '' } as const;

const excluded = refined(reference, (given, at): ExcludedFromEnforcement | undefined => {
  const { group, resource, namespace, name } = { ...emptyReference, ...given };
  if (resource === '') at.field('resource').error('no resource', { hint: resourceHint });
  if (namespace === '') at.field('namespace').error('no namespace', { hint: namespaceHint });
  if (resource === '' || namespace === '') return undefined;
  const whole = { group: group === '' ? monitoringGroup : group, resource, namespace };
  return name === '' ? whole : { ...whole, name };
});

const protocol = decoder((at) => {
  const name = text.decode(at);
  return name === undefined ? undefined : scrapeProtocol(name, at);
});

/**
 * The part of `prometheus_cr:` that stands for a Prometheus resource, by its names in snake case.
 *
 * @see github.com/prometheus-operator/prometheus-operator v0.93.1, pkg/apis/monitoring/v1/prometheus_types.go
 */
export const prometheusSpecFields = {
  scrape_interval: nullable(ownDuration),
  evaluation_interval: nullable(ownDuration),
  scrape_timeout: nullable(ownDuration),
  scrape_protocols: list(protocol),
  scrape_classes: scrapeClasses,
  service_discovery_role: oneOf(['EndpointSlice', 'Endpoints'], undefined),
  override_honor_labels: bool,
  override_honor_timestamps: bool,
  ignore_namespace_selectors: bool,
  enforced_namespace_label: text,
  excluded_from_enforcement: listOfPresent(excluded, 'reference'),
  enforced_sample_limit: limit,
  enforced_target_limit: limit,
  enforced_label_limit: limit,
  enforced_label_name_length_limit: limit,
  enforced_label_value_length_limit: limit,
  enforced_keep_dropped_targets: limit,
  enforced_body_size_limit: size,
  sample_limit: limit,
  target_limit: limit,
  label_limit: limit,
  label_name_length_limit: limit,
  label_value_length_limit: limit,
  keep_dropped_targets: limit,
  body_size_limit: size,
  pod_target_labels: listOfPresent(labelName, 'label name'),
  scrape_native_histograms: nullable(bool),
  scrape_classic_histograms: nullable(bool),
  convert_classic_histograms_to_nhcb: nullable(bool),
  name_validation_scheme: oneOf(['UTF8', 'Legacy'], undefined),
  name_escaping_scheme: oneOf(['AllowUTF8', 'Underscores', 'Dots', 'Values'], undefined),
} as const;
