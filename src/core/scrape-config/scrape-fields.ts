import { bool, nullable, text, unsigned } from '../document/decoder.js';
import { list } from '../document/collections.js';
import type { Cursor } from '../document/cursor.js';
import { formatByteSize } from '../duration/byte-size.js';
import type { ScrapeLimits, ScrapeProtocol } from './model.js';
import { escapingScheme, validationScheme } from './name-schemes.js';
import { omitEmpty } from './omit-empty.js';
import { byteSize, durationMs } from './value-decoders.js';

/** The fields that `global` and jobs have in common. */
export const sharedFields = {
  scrape_interval: durationMs,
  scrape_timeout: durationMs,
  scrape_protocols: list(text),
  scrape_failure_log_file: text,
  body_size_limit: byteSize,
  sample_limit: unsigned,
  target_limit: unsigned,
  label_limit: unsigned,
  label_name_length_limit: unsigned,
  label_value_length_limit: unsigned,
  keep_dropped_targets: unsigned,
  scrape_native_histograms: nullable(bool),
  extra_scrape_metrics: nullable(bool),
  metric_name_validation_scheme: validationScheme,
  metric_name_escaping_scheme: escapingScheme,
} as const;

type LimitsInput = Omit<ScrapeLimits, 'body_size_limit'> & {
  /** In bytes. */
  readonly body_size_limit?: number;
};

/** The limits of `global` or a job; 0 and the empty text stand for what is `inherited`. */
export function limitsOf(input: LimitsInput, inherited: ScrapeLimits = {}): ScrapeLimits {
  const bytes = input.body_size_limit ?? 0;
  return {
    ...onlyLimits(inherited, inherited.body_size_limit),
    ...onlyLimits(input, bytes === 0 ? '' : formatByteSize(bytes)),
  };
}

function onlyLimits(
  from: Omit<ScrapeLimits, 'body_size_limit'>,
  bodySizeLimit: string | undefined,
): ScrapeLimits {
  return omitEmpty({
    body_size_limit: bodySizeLimit,
    sample_limit: from.sample_limit,
    target_limit: from.target_limit,
    label_limit: from.label_limit,
    label_name_length_limit: from.label_name_length_limit,
    label_value_length_limit: from.label_value_length_limit,
    keep_dropped_targets: from.keep_dropped_targets,
    scrape_failure_log_file: from.scrape_failure_log_file,
  });
}

/** What targets are asked for where nothing else is said. */
export const defaultScrapeProtocols: readonly ScrapeProtocol[] = [
  'OpenMetricsText1.0.0',
  'OpenMetricsText0.0.1',
  'PrometheusText1.0.0',
  'PrometheusText0.0.4',
];
/** The same for jobs that scrape native histograms, which only this protocol carries. */
export const protobufFirstProtocols: readonly ScrapeProtocol[] = [
  'PrometheusProto',
  ...defaultScrapeProtocols,
];

/** The protocol of that name; reports an unknown one. */
export function scrapeProtocol(name: string, at: Cursor): ScrapeProtocol | undefined {
  const known = protobufFirstProtocols.find((protocol) => protocol === name);
  if (known === undefined) {
    at.error('unknown scrape protocol', {
      hint: `use one of ${protobufFirstProtocols.join(', ')}`,
    });
  }
  return known;
}

/** Checks a list of protocols: known, not empty, each once. */
export function checkedProtocols(
  names: readonly string[] | undefined,
  at: Cursor,
): readonly ScrapeProtocol[] | undefined {
  if (names === undefined) return undefined;
  if (names.length === 0) at.error('the list must not be empty', { hint: 'remove the key' });
  const seen = new Set<string>();
  return names.flatMap((name, index) => {
    if (seen.has(name.toLowerCase())) at.item(index).error('this protocol is there twice');
    seen.add(name.toLowerCase());
    const protocol = scrapeProtocol(name, at.item(index));
    return protocol === undefined ? [] : [protocol];
  });
}
