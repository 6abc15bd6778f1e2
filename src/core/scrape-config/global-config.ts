import { mapOf, struct } from '../document/collections.js';
import { Cursor } from '../document/cursor.js';
import { bool, type Decoded, text } from '../document/decoder.js';
import { formatPrometheusDuration } from '../duration/prometheus-duration.js';
import type { GlobalConfig } from './model.js';
import { defaultEscaping, escapingSchemes, type NameEscapingScheme } from './name-schemes.js';
import { omitEmpty } from './omit-empty.js';
import { checkedProtocols, limitsOf, sharedFields } from './scrape-fields.js';
import { durationMs } from './value-decoders.js';
import { isValidLabelName, type NameValidationScheme } from '../labels/label-names.js';

const defaultIntervalMs = 60_000;
const defaultTimeoutMs = 10_000;

const defaultFlags = {
  scrape_native_histograms: false,
  always_scrape_classic_histograms: false,
  convert_classic_histograms_to_nhcb: false,
  extra_scrape_metrics: false,
};

const fields = struct({
  ...sharedFields,
  metric_name_escaping_scheme: text,
  evaluation_interval: durationMs,
  rule_query_offset: durationMs,
  query_log_file: text,
  external_labels: mapOf(text),
  convert_classic_histograms_to_nhcb: bool,
  always_scrape_classic_histograms: bool,
});

/**
 * Reads `global`; null gives the defaults.
 *
 * @param hasJobs An unknown escaping scheme is only wrong where a job could have it from here, as in Prometheus.
 * @see https://github.com/prometheus/prometheus/blob/v3.14.0/config/config.go, `GlobalConfig.UnmarshalYAML`
 */
export function decodeGlobalConfig(at: Cursor, hasJobs = true): GlobalConfig {
  const input = { ...defaultFlags, ...fields.decode(at) };
  const scheme = input.metric_name_validation_scheme === 'legacy' ? 'legacy' : 'utf8';
  checkExternalLabels(input.external_labels ?? {}, scheme, at.field('external_labels'));
  const protocols = checkedProtocols(input.scrape_protocols, at.field('scrape_protocols'));
  return {
    ...timesOf(input, at),
    ...(protocols === undefined ? {} : { scrape_protocols: protocols }),
    ...limitsOf(input),
    scrape_native_histograms: input.scrape_native_histograms,
    always_scrape_classic_histograms: input.always_scrape_classic_histograms,
    convert_classic_histograms_to_nhcb: input.convert_classic_histograms_to_nhcb,
    extra_scrape_metrics: input.extra_scrape_metrics,
    metric_name_validation_scheme: scheme,
    metric_name_escaping_scheme:
      escapingOf(input.metric_name_escaping_scheme ?? '', hasJobs, at) ?? defaultEscaping(scheme),
    ...omitEmpty({ external_labels: input.external_labels }),
  };
}

/** What holds when a document has no `global`. */
export const defaultGlobalConfig: GlobalConfig = decodeGlobalConfig(
  Cursor.ofValue(undefined, 'the defaults'),
);

function timesOf(
  input: Decoded<typeof fields>,
  at: Cursor,
): Pick<GlobalConfig, 'scrape_interval' | 'scrape_timeout'> {
  const intervalMs = orDefault(input.scrape_interval, defaultIntervalMs);
  const timeoutMs = orDefault(input.scrape_timeout, Math.min(defaultTimeoutMs, intervalMs));
  if (timeoutMs > intervalMs) {
    at.field('scrape_timeout').error('the timeout is greater than the scrape interval', {
      hint: `make it at most ${formatPrometheusDuration(intervalMs)}`,
    });
  }
  return {
    scrape_interval: formatPrometheusDuration(intervalMs),
    scrape_timeout: formatPrometheusDuration(timeoutMs),
  };
}

/** 0 stands for "not set". */
function orDefault(ms: number | undefined, defaultMs: number): number {
  return ms === undefined || ms === 0 ? defaultMs : ms;
}

function escapingOf(name: string, hasJobs: boolean, at: Cursor): NameEscapingScheme | undefined {
  const known = escapingSchemes.find((scheme) => scheme === name);
  if (known === undefined && name !== '') {
    const place = at.field('metric_name_escaping_scheme');
    const hint = `use one of ${escapingSchemes.join(', ')}`;
    if (hasJobs) place.error('unknown value', { hint });
    else place.warn('unknown value', { hint });
  }
  return known;
}

function checkExternalLabels(
  labels: Readonly<Record<string, string>>,
  scheme: NameValidationScheme,
  at: Cursor,
): void {
  for (const name of Object.keys(labels)) {
    if (!isValidLabelName(name, scheme)) at.key(name).error('not a valid label name');
  }
}
