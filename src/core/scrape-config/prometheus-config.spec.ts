import { describe, expect, it } from 'vitest';
import { Cursor } from '../document/cursor.js';
import { readDocument } from '../document/read-document.js';
import {
  decodePrometheusConfig,
  decodeScrapeConfig,
  type DecodeOptions,
  defaultGlobalConfig,
  renderScrapeConfig,
  scrapeConfigFilePatterns,
} from './index.js';
import type { ScrapeConfig } from './model.js';

const mechanisms: DecodeOptions['mechanisms'] = new Map([
  ['file', undefined],
  ['http', undefined],
  ['kubernetes', undefined],
  ['zoo', undefined],
  [
    'picky',
    (value: unknown) =>
      typeof value === 'object' ? { value } : { issues: [{ path: ['x', 0], message: 'no zebra' }] },
  ],
]);

function decode(yaml: string, options: Partial<DecodeOptions> & { strict?: boolean } = {}) {
  const { strict = false, ...others } = options;
  const at = Cursor.ofDocument(readDocument(yaml, { file: 'a.yaml' }), { strict });
  const result = decodePrometheusConfig(at, { mechanisms, ...others });
  expect(at.problems).toEqual([]);
  return result;
}

/** The only job of a document that must be right. */
function jobOf(yaml: string): ScrapeConfig {
  const { config, problems } = decode(yaml);
  expect(problems).toEqual([]);
  const [job] = config?.scrape_configs ?? [];
  if (job === undefined) throw new Error('there is no job');
  return job;
}

function problemsOf(yaml: string, options: Partial<DecodeOptions> & { strict?: boolean } = {}) {
  const { config, problems } = decode(yaml, options);
  return { isTaken: config !== undefined, lines: problems.map((p) => `${p.path}: ${p.message}`) };
}

const job = (fields: string): string => `scrape_configs:\n- {job_name: a, ${fields}}\n`;

describe('a job', () => {
  it('has every default of Prometheus filled in', () => {
    expect(JSON.parse(renderScrapeConfig(jobOf(job('')), { secrets: 'mask' }))).toEqual({
      job_name: 'a',
      honor_timestamps: true,
      track_timestamps_staleness: false,
      scrape_interval: '1m',
      scrape_timeout: '10s',
      scrape_protocols: [
        'OpenMetricsText1.0.0',
        'OpenMetricsText0.0.1',
        'PrometheusText1.0.0',
        'PrometheusText0.0.4',
      ],
      scrape_native_histograms: false,
      always_scrape_classic_histograms: false,
      convert_classic_histograms_to_nhcb: false,
      extra_scrape_metrics: false,
      metrics_path: '/metrics',
      scheme: 'http',
      enable_compression: true,
      follow_redirects: true,
      enable_http2: true,
      metric_name_validation_scheme: 'utf8',
      metric_name_escaping_scheme: 'allow-utf-8',
    });
  });

  it('has from global what it does not say itself', () => {
    const config = jobOf(
      'global: {scrape_interval: 30s, scrape_timeout: 20s, sample_limit: 7, body_size_limit: 15MB,' +
        ' label_limit: 5, metric_name_validation_scheme: legacy}\n' +
        job('scrape_interval: 15s, label_limit: 9, scrape_native_histograms: yes'),
    );
    expect(config).toMatchObject({
      scrape_interval: '15s',
      scrape_timeout: '15s',
      sample_limit: 7,
      body_size_limit: '15MiB',
      label_limit: 9,
      metric_name_validation_scheme: 'legacy',
      metric_name_escaping_scheme: 'underscores',
    });
    expect(config.scrape_protocols?.[0]).toBe('PrometheusProto');
  });

  it('has an authorization from the old bearer token fields', () => {
    const { authorization } = jobOf(job('bearer_token_file: /t'));
    expect(authorization).toEqual({ type: 'Bearer', credentials_file: '/t' });
    const { authorization: own } = jobOf(job('authorization: {type: " Token ", credentials: x}'));
    expect(own?.type).toBe('Token');
    expect(own?.credentials?.reveal()).toBe('x');
  });

  it('tells a written default regex from none', () => {
    const { relabel_configs } = jobOf(
      job('relabel_configs: [{target_label: x}, {target_label: y, regex: (.*)}]'),
    );
    expect(relabel_configs).toEqual([
      { target_label: 'x', separator: ';', replacement: '$1', action: 'replace' },
      { target_label: 'y', separator: ';', regex: '(.*)', replacement: '$1', action: 'replace' },
    ]);
  });

  it('takes merged keys one by one, not those within them', () => {
    const { config } = decode(
      'scrape_configs:\n- &a {job_name: a, tls_config: {ca_file: x}}\n- {<<: *a, job_name: b, tls_config: {ca: y}}\n',
    );
    expect(config?.scrape_configs[1]?.tls_config).toEqual({ ca: 'y', insecure_skip_verify: false });
  });

  it.each([
    ['scrape_timeout: 2m', 'scrape_timeout: the timeout is greater than the scrape interval'],
    ['scrape_interval: 1h30', 'scrape_interval: not a valid duration'],
    ['scrape_protocols: []', 'scrape_protocols: the list must not be empty'],
    [
      'scrape_protocols: [PrometheusProto, PrometheusProto]',
      'scrape_protocols[1]: this protocol is there twice',
    ],
    ['fallback_scrape_protocol: x', 'fallback_scrape_protocol: unknown scrape protocol'],
    [
      'metric_name_validation_scheme: legacy, metric_name_escaping_scheme: allow-utf-8',
      'metric_name_escaping_scheme: allow-utf-8 needs the validation scheme utf8',
    ],
    ['static_configs: [{targets: [a/b]}]', 'static_configs[0].targets[0]: not a valid host name'],
    ['static_configs: [~]', 'static_configs[0]: empty or null section in static_configs'],
    ['tls_config: {cert: x}', 'tls_config: a client certificate needs its key'],
    ['tls_config: {min_version: TLS9}', 'tls_config.min_version: unknown value'],
    ['no_proxy: x', 'no_proxy: no_proxy needs a proxy_url'],
    ['http_headers: {Host: {values: [x]}}', 'http_headers.Host: this header may not be set'],
    ['oauth2: {client_id: x}', 'oauth2.token_url: oauth2 needs a token_url'],
    ['authorization: {type: Basic}', 'authorization.type: the type cannot be "basic"'],
    [
      'file_sd_configs: [{files: [a.txt]}]',
      'file_sd_configs[0].files[0]: not a valid path for file discovery',
    ],
    [
      'http_sd_configs: [{url: "ftp://x"}]',
      'http_sd_configs[0].url: the URL must begin with http:// or https://',
    ],
    ['kubernetes_sd_configs: [{}]', 'kubernetes_sd_configs[0].role: the role is missing'],
    [
      'kubernetes_sd_configs: [{role: pod, enable_http2: no}]',
      'kubernetes_sd_configs[0]: HTTP client settings need the api_server',
    ],
    [
      'kubernetes_sd_configs: [{role: node, selectors: [{role: pod}]}]',
      'kubernetes_sd_configs[0].selectors[0].role: the role node takes selectors only for node',
    ],
    ['picky_sd_configs: [5]', 'picky_sd_configs[0].x[0]: no zebra'],
  ])('is refused with %s', (fields, problem) => {
    expect(problemsOf(job(fields))).toEqual({
      isTaken: false,
      lines: [`scrape_configs[0].${problem}`],
    });
  });

  it.each([
    ['regex: "(?=a)", target_label: x', 'regex: invalid or unsupported Perl syntax: `(?=`'],
    ['action: hashmod, target_label: x', 'modulus: hashmod needs a modulus that is not 0'],
    ['action: replace', 'target_label: the action replace needs a target_label'],
    [
      'action: lowercase, target_label: x, replacement: y',
      'replacement: the action lowercase takes no replacement',
    ],
    [
      'action: keepequal, target_label: x, regex: (.*)',
      'regex: the action keepequal takes only source_labels and target_label',
    ],
    [
      'action: labeldrop, source_labels: []',
      'source_labels: the action labeldrop takes only a regex',
    ],
    [
      'action: labelmap, replacement: ""',
      'replacement: not a valid label name for the action labelmap',
    ],
    ['action: shout', 'action: unknown action'],
    ['action: ~', 'action: the action is empty'],
    ['source_labels: [""], target_label: x', 'source_labels[0]: a label name must not be empty'],
  ])('is refused with the relabel rule {%s}', (rule, problem) => {
    expect(problemsOf(job(`relabel_configs: [{${rule}}]`))).toEqual({
      isTaken: false,
      lines: [`scrape_configs[0].relabel_configs[0].${problem}`],
    });
  });

  it('checks label names of rules by its own validation scheme', () => {
    const rules = 'relabel_configs: [{target_label: "a-b"}, {target_label: "x_${1}"}]';
    expect(problemsOf(job(rules)).isTaken).toBe(true);
    expect(problemsOf(job(`metric_name_validation_scheme: legacy, ${rules}`)).lines).toEqual([
      'scrape_configs[0].relabel_configs[0].target_label: not a valid label name for the action replace',
    ]);
  });
});

describe('a document', () => {
  it('reports all problems at once', () => {
    const { lines } = problemsOf(
      'global: {scrape_timeout: 2m}\nscrape_configs:\n- {job_name: a, scheme: [x]}\n- {job_name: a}\n- ~\n- {}\n',
    );
    expect(lines).toEqual([
      'global.scrape_timeout: the timeout is greater than the scrape interval',
      'scrape_configs[0].scheme: expected a text, got a list',
      'scrape_configs[1].job_name: found multiple scrape configs with job name "a", the first in the main configuration',
      'scrape_configs[2]: empty or null scrape config section',
      'scrape_configs[3].job_name: the job name is missing or empty',
    ]);
  });

  it('warns of unknown keys, and of sections that are not for an allocator', () => {
    const yaml = 'rule_files: [x]\nalerting: {}\nscrape_config: []\n' + job('scrape_intervall: 5s');
    expect(problemsOf(yaml)).toEqual({
      isTaken: true,
      lines: [
        'scrape_config: unknown key',
        ': alerting, rule_files: ignored, an allocator has no use for them',
        'scrape_configs[0].scrape_intervall: unknown key',
      ],
    });
    expect(problemsOf(yaml, { strict: true }).isTaken).toBe(false);
  });

  it('names the mechanisms that there are for one that there is not', () => {
    const { problems } = decode(job('consul_sd_configs: [{server: x}]'));
    expect(problems).toMatchObject([
      {
        path: 'scrape_configs[0].consul_sd_configs',
        message: 'no plugin provides the service discovery "consul"',
        hint: expect.stringContaining('file, http, kubernetes, picky, static, zoo') as unknown,
      },
    ]);
    expect(jobOf(job('consul_sd_configs: []'))).not.toHaveProperty('consul_sd_configs');
    expect(jobOf(job('zoo_sd_configs: [{a: yes}]'))['zoo_sd_configs']).toEqual([{ a: true }]);
  });

  it('takes the jobs of scrape_config_files, each with its own file in problems', () => {
    const yaml = 'global: {scrape_interval: 5s}\nscrape_config_files: ["d/*.yml"]\n' + job('');
    const files = new Map([
      ['d/*.yml', [{ path: 'd/x.yml', text: 'scrape_configs:\n- job_name: b\n' }]],
    ]);
    const readFiles = (pattern: string) => files.get(pattern) ?? [];
    expect(decode(yaml, { readFiles }).config?.scrape_configs).toMatchObject([
      { job_name: 'a' },
      { job_name: 'b', scrape_interval: '5s' },
    ]);
    const twice = [
      { path: 'd/y.yml', text: '\nscrape_configs:\n- job_name: a\n- job_name: [c]\n' },
    ];
    expect(decode(yaml, { readFiles: () => twice }).problems).toMatchObject([
      {
        file: 'd/y.yml',
        line: 3,
        message: expect.stringContaining('the main configuration') as unknown,
      },
      { file: 'd/y.yml', line: 4, path: 'scrape_configs[1].job_name' },
    ]);
    const at = Cursor.ofDocument(readDocument(yaml, { file: 'a.yaml' }));
    expect(scrapeConfigFilePatterns(at)).toEqual(['d/*.yml']);
    expect(problemsOf('scrape_config_files: ["d*/x.yml"]').isTaken).toBe(false);
  });

  it('reports a file of scrape_config_files that cannot be read', () => {
    const readFiles = () => {
      throw new Error('EACCES');
    };
    expect(problemsOf('scrape_config_files: [x.yml]', { readFiles }).lines).toEqual([
      'scrape_config_files[0]: cannot be read: EACCES',
    ]);
  });
});

describe('a job of plain data', () => {
  it('is read like one of a file', () => {
    const value = { job_name: 'a', static_configs: [{ targets: ['h:80'], labels: { yes: 'no' } }] };
    const { config } = decodeScrapeConfig(value, defaultGlobalConfig, { mechanisms, origin: 'x' });
    expect(config).toEqual(jobOf(job('static_configs: [{targets: ["h:80"], labels: {yes: no}}]')));
  });

  it('names where it comes from when it is wrong', () => {
    const value = { job_name: 'a', relabel_configs: [{ regex: '(' }] };
    const origin = 'ServiceMonitor shop/web';
    expect(decodeScrapeConfig(value, defaultGlobalConfig, { mechanisms, origin })).toMatchObject({
      config: undefined,
      problems: [{ file: origin, path: 'relabel_configs[0].regex' }, { file: origin }],
    });
  });
});
