import { describe, expect, it } from 'vitest';
import { convert, inCreds, jobOf, rejectionsOf } from './testing/converted.js';
import {
  authorization,
  authorizationFields,
  basicAuth,
  basicAuthFields,
  oauth2,
} from './testing/whole-client.js';

const jobNameRule = { source_labels: ['job'], target_label: '__tmp_prometheus_job_name' };
const ownRule = { sourceLabels: ['__address__'], targetLabel: 'x', action: 'Replace' };
const ownRuleFields = { source_labels: ['__address__'], target_label: 'x', action: 'replace' };

describe('a ScrapeConfig', () => {
  it('becomes one job that is named after it', () => {
    expect(jobOf({})).toEqual({
      job_name: 'scrapeConfig/shop/web',
      scrape_interval: '30s',
      scrape_timeout: '10s',
      relabel_configs: [jobNameRule],
    });
  });

  it('says how targets are scraped', () => {
    const spec = {
      honorLabels: true,
      honorTimestamps: false,
      trackTimestampsStaleness: true,
      metricsPath: '/m',
      params: { module: ['a', 'b'] },
      scheme: 'HTTPS',
      enableCompression: false,
      enableHTTP2: false,
      scrapeInterval: '90s',
      scrapeTimeout: '5s',
      scrapeProtocols: ['PrometheusProto'],
      fallbackScrapeProtocol: 'PrometheusText0.0.4',
      sampleLimit: 1,
      targetLimit: 2,
      labelLimit: 3,
      labelNameLengthLimit: 4,
      labelValueLengthLimit: 5,
      keepDroppedTargets: 6,
      bodySizeLimit: '1MB',
      scrapeNativeHistograms: true,
      nativeHistogramBucketLimit: 7,
      nativeHistogramMinBucketFactor: '1.5',
      scrapeClassicHistograms: true,
      convertClassicHistogramsToNHCB: true,
      nameValidationScheme: 'Legacy',
      nameEscapingScheme: 'Dots',
      proxyUrl: 'http://proxy',
      tlsConfig: { serverName: 'db' },
      basicAuth,
    };
    expect(jobOf(spec)).toEqual({
      job_name: 'scrapeConfig/shop/web',
      honor_labels: true,
      honor_timestamps: false,
      track_timestamps_staleness: true,
      metrics_path: '/m',
      params: { module: ['a', 'b'] },
      scheme: 'https',
      enable_compression: false,
      enable_http2: false,
      scrape_interval: '90s',
      scrape_timeout: '5s',
      scrape_protocols: ['PrometheusProto'],
      fallback_scrape_protocol: 'PrometheusText0.0.4',
      sample_limit: 1,
      target_limit: 2,
      label_limit: 3,
      label_name_length_limit: 4,
      label_value_length_limit: 5,
      keep_dropped_targets: 6,
      body_size_limit: '1MB',
      scrape_native_histograms: true,
      native_histogram_bucket_limit: 7,
      native_histogram_min_bucket_factor: 1.5,
      always_scrape_classic_histograms: true,
      convert_classic_histograms_to_nhcb: true,
      metric_name_validation_scheme: 'legacy',
      metric_name_escaping_scheme: 'dots',
      proxy_url: 'http://proxy',
      tls_config: { server_name: 'db' },
      basic_auth: basicAuthFields,
      relabel_configs: [jobNameRule],
    });
  });

  it('mixes service discoveries, each with all of its elements', () => {
    const job = jobOf({
      staticConfigs: [{ targets: ['a:1'] }, { targets: ['b:1'] }],
      dnsSDConfigs: [{ names: ['c'] }],
      consulSDConfigs: [],
      httpSDConfigs: null,
    });
    expect(job).toMatchObject({
      static_configs: [{ targets: ['a:1'] }, { targets: ['b:1'] }],
      dns_sd_configs: [{ names: ['c'] }],
    });
    expect(Object.keys(job).filter((name) => name.endsWith('_sd_configs'))).toEqual([
      'dns_sd_configs',
    ]);
  });

  it('labels the job with a name of the author', () => {
    expect(jobOf({ jobName: 'ext' })['relabel_configs']).toEqual([
      jobNameRule,
      { target_label: 'job', action: 'replace', replacement: 'ext' },
    ]);
  });

  it('keeps parameters and headers of any name', () => {
    const params: unknown = JSON.parse('{"__proto__":["x"]}');
    const [job] = convert({ params }).configs;
    expect(Object.entries(job?.['params'] ?? {})).toEqual([['__proto__', ['x']]]);
  });
});

describe('a ScrapeConfig of a scrape class', () => {
  const first = {
    name: 'first',
    default: true,
    relabelings: [{ targetLabel: 'class', replacement: 'first' }],
    metricRelabelings: [{ action: 'drop', regex: 'c' }],
    authorization: { credentials: inCreds('token') },
    tlsConfig: { caFile: '/ca' },
    fallbackScrapeProtocol: 'OpenMetricsText1.0.0',
  };
  const second = { name: 'second' };
  const prometheus = { scrapeClasses: [first, second] };

  it('has the rules of the class between its name and its own', () => {
    const spec = {
      jobName: 'ext',
      relabelings: [ownRule],
      metricRelabelings: [{ action: 'Keep', regex: 'own' }],
    };
    expect(jobOf(spec, { prometheus })).toMatchObject({
      relabel_configs: [
        jobNameRule,
        { target_label: 'class', replacement: 'first' },
        { target_label: 'job', replacement: 'ext' },
        ownRuleFields,
      ],
      metric_relabel_configs: [
        { action: 'drop', regex: 'c' },
        { action: 'keep', regex: 'own' },
      ],
      authorization: { type: 'Bearer', credentials: { secret: 't0ken' } },
      tls_config: { ca_file: '/ca' },
      fallback_scrape_protocol: 'OpenMetricsText1.0.0',
    });
  });

  it('has what it says itself', () => {
    const spec = { authorization, fallbackScrapeProtocol: 'PrometheusProto' };
    expect(jobOf(spec, { prometheus })).toMatchObject({
      authorization: authorizationFields,
      fallback_scrape_protocol: 'PrometheusProto',
    });
  });

  it('has nothing of the default class when it names another one', () => {
    const job = jobOf({ scrapeClass: 'second' }, { prometheus });
    expect(job).not.toHaveProperty('authorization');
    expect(job['relabel_configs']).toEqual([jobNameRule]);
  });

  it('is rejected when there is no such class', () => {
    expect(rejectionsOf({ scrapeClass: 'third' }, { prometheus })).toEqual([
      'spec.scrapeClass: there is no scrape class "third"',
    ]);
  });

  it('is rejected when the class adds a second way to authenticate', () => {
    expect(rejectionsOf({ basicAuth }, { prometheus })).toEqual([
      'spec: basicAuth and authorization exclude each other; keep one of them',
    ]);
  });
});

describe('a ScrapeConfig under what the administrator lays down', () => {
  it('honors nothing that is overridden, and says so only where it says something', () => {
    const prometheus = { overrideHonorLabels: true, overrideHonorTimestamps: true };
    expect(jobOf({ honorLabels: true, honorTimestamps: true }, { prometheus })).toMatchObject({
      honor_labels: false,
      honor_timestamps: false,
    });
    expect(jobOf({}, { prometheus })).not.toHaveProperty('honor_timestamps');
  });

  it('has limits that are not above the enforced ones', () => {
    const prometheus = { enforcedSampleLimit: 10, enforcedBodySizeLimit: '1MB' };
    expect(jobOf({ sampleLimit: 5, bodySizeLimit: '1KB' }, { prometheus })).toMatchObject({
      sample_limit: 5,
      body_size_limit: '1KB',
    });
    expect(jobOf({ sampleLimit: 50, bodySizeLimit: '1GB' }, { prometheus })).toMatchObject({
      sample_limit: 10,
      body_size_limit: '1MB',
    });
  });

  it('has the enforced namespace label last, on targets only beside rules of its own', () => {
    const prometheus = { enforcedNamespaceLabel: 'ns' };
    const enforced = { target_label: 'ns', replacement: 'shop' };
    expect(jobOf({ relabelings: [ownRule] }, { prometheus })).toMatchObject({
      relabel_configs: [jobNameRule, ownRuleFields, enforced],
      metric_relabel_configs: [enforced],
    });
    expect(jobOf({}, { prometheus })).toMatchObject({
      relabel_configs: [jobNameRule],
      metric_relabel_configs: [enforced],
    });
  });

  it('is left alone when it is excluded from enforcement', () => {
    const reference = { group: '', resource: 'scrapeconfigs', namespace: 'shop', name: 'web' };
    const prometheus = { enforcedNamespaceLabel: 'ns', excludedFromEnforcement: [reference] };
    expect(jobOf({ relabelings: [ownRule] }, { prometheus })).toMatchObject({
      relabel_configs: [jobNameRule, ownRuleFields],
    });
    expect(jobOf({}, { prometheus })).not.toHaveProperty('metric_relabel_configs');
  });
});

describe('a ScrapeConfig that is wrong', () => {
  it.each([
    [
      'two ways to authenticate',
      { basicAuth, oauth2 },
      'spec: basicAuth and oauth2 exclude each other; keep one of them',
    ],
    [
      'a timeout above its interval',
      { scrapeInterval: '10s', scrapeTimeout: '11s' },
      'spec.scrapeTimeout: 11s is longer than the interval 10s',
    ],
    [
      'a timeout above the interval for all',
      { scrapeTimeout: '31s' },
      'spec.scrapeTimeout: 31s is longer than the interval 30s',
    ],
    ['an empty interval', { scrapeInterval: '' }, 'spec.scrapeInterval: must not be empty'],
    [
      'a secret that is not there',
      { basicAuth: { ...basicAuth, password: inCreds('none') } },
      'spec.basicAuth.password: Secret shop/creds has no key "none"',
    ],
    [
      'a proxy that contradicts itself',
      { proxyUrl: 'http://p', proxyFromEnvironment: true },
      'spec.proxyFromEnvironment: excludes proxyUrl',
    ],
    [
      'a key without its certificate',
      { tlsConfig: { keySecret: inCreds('key') } },
      'spec.tlsConfig: has a client key without its certificate',
    ],
    [
      'a list that is none',
      { staticConfigs: 'db:1' },
      'spec.staticConfigs: must be a list, got "db:1"',
    ],
    [
      'an element that is none',
      { httpSDConfigs: ['http://h'] },
      'spec.httpSDConfigs[0]: must be an object, got "http://h"',
    ],
    [
      'a truth value that is none',
      { honorLabels: 'yes' },
      'spec.honorLabels: must be true or false, got "yes"',
    ],
    ['a spec that is none', 'web', 'spec: must be an object, got "web"'],
  ])('is rejected for %s, with the path', (_name, spec, reason) => {
    const { configs, rejected } = convert(spec);
    expect(rejected).toContain(reason);
    expect(configs).toEqual([]);
  });
});
