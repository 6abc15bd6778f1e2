import type { PrometheusSpec } from '../../core/custom-resource/prometheus-spec.js';
import { formatPrometheusDuration } from '../../core/duration/prometheus-duration.js';
import { omitEmpty } from '../../core/scrape-config/omit-empty.js';
import { defaultCrScrapeIntervalMs, defaultCrScrapeProtocols } from './defaults.js';
import type { PrometheusCrFile } from './file/prometheus-cr.js';
import type { PickedOptions } from './pick-options.js';

/**
 * What `prometheus_cr:` lays down for the jobs of custom resources. False, empty and not said are the same, but for what
 * the operator keeps in pointers: there false and zero override a default.
 */
export function prometheusSpecOf(file: PrometheusCrFile, picked: PickedOptions): PrometheusSpec {
  const timeoutMs = picked.crScrapeTimeoutMs.value;
  return {
    // Zero is "not said", as for the operator.
    scrapeInterval: formatPrometheusDuration(
      picked.crScrapeIntervalMs.value || defaultCrScrapeIntervalMs,
    ),
    evaluationInterval: formatPrometheusDuration(picked.crEvaluationIntervalMs.value),
    scrapeProtocols: file.scrape_protocols ?? defaultCrScrapeProtocols,
    scrapeClasses: file.scrape_classes ?? [],
    ...omitEmpty({
      scrapeTimeout: timeoutMs === 0 ? '' : formatPrometheusDuration(timeoutMs),
      serviceDiscoveryRole: file.service_discovery_role,
      overrideHonorLabels: file.override_honor_labels,
      overrideHonorTimestamps: file.override_honor_timestamps,
      ignoreNamespaceSelectors: file.ignore_namespace_selectors,
      enforcedNamespaceLabel: file.enforced_namespace_label,
      excludedFromEnforcement: file.excluded_from_enforcement,
      enforcedBodySizeLimit: file.enforced_body_size_limit,
      bodySizeLimit: file.body_size_limit,
      podTargetLabels: file.pod_target_labels,
    }),
    ...omitAbsent({
      enforcedSampleLimit: file.enforced_sample_limit,
      enforcedTargetLimit: file.enforced_target_limit,
      enforcedLabelLimit: file.enforced_label_limit,
      enforcedLabelNameLengthLimit: file.enforced_label_name_length_limit,
      enforcedLabelValueLengthLimit: file.enforced_label_value_length_limit,
      enforcedKeepDroppedTargets: file.enforced_keep_dropped_targets,
      sampleLimit: file.sample_limit,
      targetLimit: file.target_limit,
      labelLimit: file.label_limit,
      labelNameLengthLimit: file.label_name_length_limit,
      labelValueLengthLimit: file.label_value_length_limit,
      keepDroppedTargets: file.keep_dropped_targets,
      scrapeNativeHistograms: file.scrape_native_histograms,
      scrapeClassicHistograms: file.scrape_classic_histograms,
      convertClassicHistogramsToNHCB: file.convert_classic_histograms_to_nhcb,
      nameValidationScheme: file.name_validation_scheme,
      nameEscapingScheme: file.name_escaping_scheme,
    }),
  };
}

type WithoutAbsent<T> = { readonly [K in keyof T]?: Exclude<T[K], undefined> };

function omitAbsent<T extends object>(fields: T): WithoutAbsent<T> {
  const given = Object.entries(fields).filter(([, value]) => value !== undefined);
  return Object.fromEntries(given) as WithoutAbsent<T>; // eslint-disable-line @typescript-eslint/no-unsafe-type-assertion -- the entries are those of `fields`
}
