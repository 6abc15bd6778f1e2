import fc from 'fast-check';
import { fileSd, httpSd, kubernetesSd, staticConfig } from './discovery-arbitrary.js';
import { httpClient } from './http-client-arbitrary.js';
import { relabelRules } from './relabel-rule-arbitrary.js';
import { bool, duration, labelKeys, size, text, texts, uint } from './value-arbitrary.js';
import {
  type Fields,
  layouts,
  listOf,
  mapOf,
  pool,
  scalars,
  structOf,
  structWith,
  type Values,
} from './yaml-arbitrary.js';
import { writeYaml, type YamlMap } from './yaml-writer.js';

const protocol = pool(
  [
    'PrometheusProto',
    'OpenMetricsText1.0.0',
    'OpenMetricsText0.0.1',
    'PrometheusText0.0.4',
    'PrometheusText1.0.0',
  ],
  ['prometheusproto', '""'],
);
const limits: Fields = {
  body_size_limit: size,
  sample_limit: uint,
  target_limit: uint,
  label_limit: uint,
  label_name_length_limit: uint,
  label_value_length_limit: uint,
  keep_dropped_targets: uint,
  scrape_failure_log_file: text,
  scrape_native_histograms: bool,
  extra_scrape_metrics: bool,
  always_scrape_classic_histograms: bool,
  convert_classic_histograms_to_nhcb: bool,
};
const schemes: Fields = {
  metric_name_validation_scheme: pool(['utf8', 'legacy'], ['UTF8', '""']),
  metric_name_escaping_scheme: pool(['underscores', 'dots', 'values', '""'], ['x', 'allow-utf-8']),
};

const job = fc
  .tuple(
    structWith(
      { job_name: fc.integer({ min: 0, max: 40 }).map((i) => ({ scalar: `job-${String(i)}` })) },
      { scrape_interval: duration, scrape_timeout: pool(['1s', '5s', '0s'], ['5m', '1d']) },
      15,
    ),
    structOf(limits, 7),
    structOf(schemes, 7),
    structOf(
      {
        honor_labels: bool,
        honor_timestamps: bool,
        track_timestamps_staleness: bool,
        params: mapOf(labelKeys, listOf(text)),
        scrape_protocols: listOf(protocol),
        fallback_scrape_protocol: protocol,
        metrics_path: text,
        scheme: text,
        enable_compression: bool,
        native_histogram_bucket_limit: uint,
        native_histogram_min_bucket_factor: scalars('1.1', '2', '0', '1e-3', '.5'),
      },
      7,
    ),
    structOf({ relabel_configs: relabelRules, metric_relabel_configs: relabelRules }, 30),
    structOf({ static_configs: listOf(staticConfig) }, 50),
    structOf(
      {
        file_sd_configs: listOf(fileSd, 2),
        http_sd_configs: listOf(httpSd, 2),
        kubernetes_sd_configs: listOf(kubernetesSd, 2),
      },
      15,
    ),
    httpClient,
  )
  .map((parts): YamlMap => ({ map: parts.flatMap(({ map }) => map) }));

const globalConfig = fc
  .tuple(
    structOf({ scrape_interval: duration, scrape_timeout: pool(['1s', '5s'], ['5m']) }, 30),
    structOf(limits, 7),
    structOf(schemes, 10),
    structOf(
      {
        scrape_protocols: listOf(protocol),
        evaluation_interval: duration,
        rule_query_offset: duration,
        query_log_file: text,
        external_labels: mapOf(labelKeys, text),
      },
      10,
    ),
  )
  .map((parts): YamlMap => ({ map: parts.flatMap(({ map }) => map) }));

/** Jobs, of which a later one may be built on an earlier one by an anchor. */
const jobs: Values = fc
  .tuple(fc.array(job, { minLength: 1, maxLength: 3 }), fc.boolean())
  .map(([list, isShared]) => {
    const [first, second, ...others] = list;
    if (!isShared || first === undefined || second === undefined || first.map.length === 0) {
      return { list };
    }
    const base: YamlMap = { ...first, flow: false, anchor: 'base' };
    // Prometheus merges structures within structures, key by key; YAML and the Go allocator (which decodes the file
    // untyped first) do not, and neither do we. So a key that both have must not hold a mapping.
    const shared = new Set(entriesOf(first).map(([key]) => key));
    const own = second.map.filter((entry) =>
      entriesOf({ map: [entry] }).every(([key, value]) => !shared.has(key) || !('map' in value)),
    );
    const built: YamlMap = { map: [['<<', { alias: 'base' }], ...own] };
    return { list: [base, built, ...others] };
  });

/** What a mapping has, also by merges of others that are written into it. */
function entriesOf({ map }: YamlMap): YamlMap['map'] {
  return map.flatMap((entry) => {
    const [key, value] = entry;
    return key === '<<' && 'map' in value ? entriesOf(value) : [entry];
  });
}

/** A Prometheus document as text, valid about every second time. */
export const prometheusDocuments: fc.Arbitrary<string> = fc
  .tuple(structWith({ scrape_configs: jobs }, { global: globalConfig }, 40), layouts)
  .map(([document, layout]) => writeYaml(document, layout));

/** Documents that are hardly more than texts over several lines, which are told from the rest by their indentation. */
export const documentsOfTexts: fc.Arbitrary<string> = fc
  .tuple(fc.array(texts, { maxLength: 3 }), texts, layouts)
  .map(([params, password, layout]) => {
    const job: YamlMap = {
      map: [
        ['job_name', { scalar: 'a' }],
        ['params', { map: [['x', { list: params }]] }],
        ['basic_auth', { map: [['password', password]] }],
      ],
    };
    return writeYaml({ map: [['scrape_configs', { list: [job] }]] }, layout);
  });
