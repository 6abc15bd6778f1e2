import { list, listOfPresent, mapOf, struct } from '../document/collections.js';
import type { Cursor } from '../document/cursor.js';
import {
  bool,
  decoder,
  type Decoded,
  float,
  nullable,
  text,
  unsigned,
} from '../document/decoder.js';
import {
  formatPrometheusDuration,
  parsePrometheusDuration,
} from '../duration/prometheus-duration.js';
import type { NameValidationScheme } from '../labels/label-names.js';
import { checkedHttpClient, httpClientFields } from './http-client-config.js';
import type { GlobalConfig, ScrapeConfig } from './model.js';
import { defaultEscaping, type NameEscapingScheme, validationScheme } from './name-schemes.js';
import { omitEmpty } from './omit-empty.js';
import { relabelConfig } from './relabel-config.js';
import {
  checkedProtocols,
  defaultScrapeProtocols,
  limitsOf,
  protobufFirstProtocols,
  scrapeProtocol,
  sharedFields,
} from './scrape-fields.js';
import { decodeDiscoveryBlocks, mechanismOf, type Mechanisms } from './service-discovery.js';
import { checkStaticTargets, staticConfig } from './static-config.js';

const decoders = { utf8: jobFields('utf8'), legacy: jobFields('legacy') };
type JobInput = Decoded<(typeof decoders)['utf8']>;

function jobFields(scheme: NameValidationScheme) {
  return struct(
    {
      job_name: text,
      ...sharedFields,
      ...httpClientFields,
      honor_labels: bool,
      honor_timestamps: bool,
      track_timestamps_staleness: bool,
      params: mapOf(decoder((at): readonly string[] => list(text).decode(at) ?? [])),
      fallback_scrape_protocol: text,
      always_scrape_classic_histograms: nullable(bool),
      convert_classic_histograms_to_nhcb: nullable(bool),
      metrics_path: text,
      scheme: text,
      enable_compression: bool,
      native_histogram_bucket_limit: unsigned,
      native_histogram_min_bucket_factor: float,
      relabel_configs: listOfPresent(relabelConfig(scheme), 'target relabeling rule'),
      metric_relabel_configs: listOfPresent(relabelConfig(scheme), 'metric relabeling rule'),
      static_configs: listOfPresent(staticConfig, 'section in static_configs'),
    },
    (key) => mechanismOf(key) !== undefined,
  );
}

/**
 * Reads one job, checks it and completes it with its own defaults and those of `global`.
 *
 * @returns The canonical job; it must not be used when problems were reported.
 * @see https://github.com/prometheus/prometheus/blob/v3.14.0/config/config.go, `ScrapeConfig`
 */
export function readScrapeConfig(
  at: Cursor,
  global: GlobalConfig,
  mechanisms: Mechanisms,
): ScrapeConfig | undefined {
  const schemes = schemesOf(at, global);
  const written = decoders[schemes.validation].decode(at);
  if (written === undefined) return undefined;
  checkJob(written, at);
  return {
    job_name: written.job_name ?? '',
    honor_timestamps: written.honor_timestamps ?? true,
    track_timestamps_staleness: written.track_timestamps_staleness ?? false,
    metrics_path: written.metrics_path ?? '/metrics',
    scheme: written.scheme ?? 'http',
    enable_compression: written.enable_compression ?? true,
    ...flagsOf(written, global),
    metric_name_validation_scheme: schemes.validation,
    metric_name_escaping_scheme: escapingOf(written, schemes, at),
    ...timesOf(written, global, at),
    ...protocolsOf(written, global, at),
    ...limitsOf(written, global),
    ...omitEmpty({
      honor_labels: written.honor_labels,
      params: written.params,
      native_histogram_bucket_limit: written.native_histogram_bucket_limit,
      native_histogram_min_bucket_factor: written.native_histogram_min_bucket_factor,
      relabel_configs: written.relabel_configs,
      metric_relabel_configs: written.metric_relabel_configs,
      static_configs: written.static_configs,
    }),
    ...checkedHttpClient(written, at),
    ...decodeDiscoveryBlocks(at, mechanisms),
  };
}

/** One by one: a spread of all of `global` and what is written costs more than the rest of the job. */
function flagsOf(
  written: JobInput,
  global: GlobalConfig,
): Pick<
  ScrapeConfig,
  | 'scrape_native_histograms'
  | 'always_scrape_classic_histograms'
  | 'convert_classic_histograms_to_nhcb'
  | 'extra_scrape_metrics'
> {
  return {
    scrape_native_histograms:
      written.scrape_native_histograms ?? global.scrape_native_histograms ?? false,
    always_scrape_classic_histograms:
      written.always_scrape_classic_histograms ?? global.always_scrape_classic_histograms ?? false,
    convert_classic_histograms_to_nhcb:
      written.convert_classic_histograms_to_nhcb ??
      global.convert_classic_histograms_to_nhcb ??
      false,
    extra_scrape_metrics: written.extra_scrape_metrics ?? global.extra_scrape_metrics ?? false,
  };
}

function checkJob(input: JobInput, at: Cursor): void {
  if (at.lacks('job_name') || input.job_name === '') {
    at.field('job_name').error('the job name is missing or empty');
  }
  if ((input.relabel_configs ?? []).length === 0) {
    checkStaticTargets(input.static_configs ?? [], at.field('static_configs'));
  }
}

interface Schemes {
  readonly validation: NameValidationScheme;
  /** The escaping of a job that names none. */
  readonly escaping: NameEscapingScheme;
}

/** The validation scheme is needed before anything else, because relabel rules are checked by it. */
function schemesOf(at: Cursor, global: GlobalConfig): Schemes {
  // A fork, because the same field is decoded once more with the others.
  const own = validationScheme.decode(at.field('metric_name_validation_scheme').fork()) ?? '';
  const inherited = global.metric_name_validation_scheme ?? 'utf8';
  if (own !== '') return { validation: own, escaping: defaultEscaping(own) };
  const escaping = global.metric_name_escaping_scheme ?? defaultEscaping(inherited);
  return { validation: inherited, escaping };
}

function escapingOf(input: JobInput, schemes: Schemes, at: Cursor): NameEscapingScheme {
  const written = input.metric_name_escaping_scheme ?? '';
  const escaping = written === '' ? schemes.escaping : written;
  if (escaping === 'allow-utf-8' && schemes.validation === 'legacy') {
    at.field('metric_name_escaping_scheme').error('allow-utf-8 needs the validation scheme utf8');
  }
  return escaping;
}

function timesOf(
  input: JobInput,
  global: GlobalConfig,
  at: Cursor,
): Pick<ScrapeConfig, 'scrape_interval' | 'scrape_timeout'> {
  const ownIntervalMs = input.scrape_interval ?? 0;
  const intervalMs = ownIntervalMs === 0 ? millisecondsOf(global.scrape_interval) : ownIntervalMs;
  const ownTimeoutMs = input.scrape_timeout ?? 0;
  const inheritedMs = Math.min(millisecondsOf(global.scrape_timeout), intervalMs);
  if (ownTimeoutMs > intervalMs) {
    at.field('scrape_timeout').error('the timeout is greater than the scrape interval', {
      hint: `make it at most ${formatPrometheusDuration(intervalMs)}`,
    });
  }
  return {
    scrape_interval: formatPrometheusDuration(intervalMs),
    scrape_timeout: formatPrometheusDuration(ownTimeoutMs === 0 ? inheritedMs : ownTimeoutMs),
  };
}

function protocolsOf(
  input: JobInput,
  global: GlobalConfig,
  at: Cursor,
): Pick<ScrapeConfig, 'scrape_protocols' | 'fallback_scrape_protocol'> {
  const own = checkedProtocols(input.scrape_protocols, at.field('scrape_protocols'));
  const histograms = input.scrape_native_histograms ?? global.scrape_native_histograms;
  const byDefault = histograms === true ? protobufFirstProtocols : defaultScrapeProtocols;
  const scrape_protocols = own ?? global.scrape_protocols ?? byDefault;
  const fallbackName = input.fallback_scrape_protocol ?? '';
  if (fallbackName === '') return { scrape_protocols };
  const fallback = scrapeProtocol(fallbackName, at.field('fallback_scrape_protocol'));
  return { scrape_protocols, ...omitEmpty({ fallback_scrape_protocol: fallback }) };
}

/** `global` is canonical, so that its durations can be read. */
function millisecondsOf(duration: string): number {
  const parsed = parsePrometheusDuration(duration);
  return parsed.ok ? parsed.value : 0;
}
