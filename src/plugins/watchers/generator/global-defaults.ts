import { durationMs, parseByteSize, type PrometheusSpec } from '../../../plugin-api/index.js';
import { type DocumentFields, present } from './document-fields.js';
import { globalLimits, limitFieldNames } from './limits.js';

const defaultTimeout = '10s';
const escapingSchemes = {
  AllowUTF8: 'allow-utf-8',
  Underscores: 'underscores',
  Dots: 'dots',
  Values: 'values',
} as const satisfies Record<NonNullable<PrometheusSpec['nameEscapingScheme']>, string>;

/**
 * Completes a job with what the operator writes into the `global` section of its document, by Prometheus' rules for what
 * a job inherits: what is absent or zero. Such a job does not depend on any other `global` section.
 *
 * @see https://github.com/prometheus/prometheus/blob/v3.14.0/config/config.go, `ScrapeConfig.Validate`
 */
export function withGlobalDefaults(job: DocumentFields, spec: PrometheusSpec): DocumentFields {
  const own = Object.fromEntries(
    Object.entries(job).filter(([key, value]) => value !== undefined && !isUnset(key, value)),
  );
  const { metric_name_escaping_scheme: escaping, ...inherited } = globalFields(spec);
  return {
    ...inherited,
    // A job's own validation scheme brings its own escaping.
    ...(own['metric_name_validation_scheme'] === undefined
      ? present({ metric_name_escaping_scheme: escaping })
      : {}),
    ...own,
    ...timesOf(own, spec),
  };
}

function globalFields(spec: PrometheusSpec): DocumentFields {
  const { bodySizeLimit, enforcedBodySizeLimit, scrapeProtocols } = spec;
  return present({
    ...globalLimits(spec),
    body_size_limit: filled(bodySizeLimit) ?? filled(enforcedBodySizeLimit),
    scrape_protocols: scrapeProtocols.length === 0 ? undefined : scrapeProtocols,
    scrape_native_histograms: spec.scrapeNativeHistograms,
    always_scrape_classic_histograms: spec.scrapeClassicHistograms,
    convert_classic_histograms_to_nhcb: spec.convertClassicHistogramsToNHCB,
    ...nameSchemes(spec),
  });
}

/** A scheme of validation brings its own escaping unless another one is named. */
function nameSchemes(spec: PrometheusSpec): DocumentFields {
  const { nameValidationScheme: validation, nameEscapingScheme: escaping } = spec;
  if (validation === undefined && escaping === undefined) return {};
  const ofValidation = validation === 'Legacy' ? 'Underscores' : 'AllowUTF8';
  return present({
    metric_name_validation_scheme: validation?.toLowerCase(),
    metric_name_escaping_scheme: escapingSchemes[escaping ?? ofValidation],
  });
}

/** The timeout for all jobs is cut to a job's interval. */
function timesOf(own: DocumentFields, spec: PrometheusSpec): DocumentFields {
  const interval = own['scrape_interval'] ?? spec.scrapeInterval;
  const timeout = own['scrape_timeout'];
  if (timeout !== undefined) return { scrape_interval: interval, scrape_timeout: timeout };
  const ofAll = timeoutForAll(spec) ?? shorter(defaultTimeout, spec.scrapeInterval);
  return { scrape_interval: interval, scrape_timeout: shorter(ofAll, interval) };
}

/** As for jobs, a timeout of nothing stands for none. */
function timeoutForAll({ scrapeTimeout }: PrometheusSpec): string | undefined {
  return millisecondsOf(scrapeTimeout) === 0 ? undefined : filled(scrapeTimeout);
}

/** An interval that cannot be read is refused when the job is checked. */
function shorter(timeout: string, interval: unknown): string {
  const intervalMs = millisecondsOf(interval);
  if (typeof interval !== 'string' || intervalMs === undefined) return timeout;
  return (millisecondsOf(timeout) ?? 0) > intervalMs ? interval : timeout;
}

/** Whether a field has the zero that Prometheus cannot tell from its absence. */
function isUnset(key: string, value: unknown): boolean {
  switch (key) {
    case 'body_size_limit':
      return typeof value === 'string' && isZeroSize(value);
    case 'scrape_interval':
    case 'scrape_timeout':
      return millisecondsOf(value) === 0;
    case 'metric_name_validation_scheme':
    case 'metric_name_escaping_scheme':
      return value === '';
    default:
      return limitFieldNames.has(key) && (value === 0 || value === 0n);
  }
}

function millisecondsOf(duration: unknown): number | undefined {
  try {
    return typeof duration === 'string' ? durationMs(duration) : undefined;
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}

/** A text that is no size is none, and refused when the job is checked. */
function isZeroSize(text: string): boolean {
  const size = parseByteSize(text);
  return size.ok && size.value === 0;
}

function filled(text: string | undefined): string | undefined {
  return text === '' ? undefined : text;
}
