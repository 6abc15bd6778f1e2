import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import { describeProblem } from '../../core/document/problem.js';
import type { AllocatorConfig } from './allocator-config.js';
import { loadConfig, type KnownPlugins } from './load-config.js';
import type { ConfigSources } from './overrides.js';

const plugins: KnownPlugins = {
  strategies: ['consistent-hashing', 'least-weighted', 'per-node'],
  collectorSources: ['file', 'kubernetes', 'static'],
  mechanisms: new Map([
    ['file', undefined],
    ['http', undefined],
  ]),
  checkCollectorOptions: (type, options) =>
    Promise.resolve(
      type === 'static' && JSON.stringify(options) === '{"collectors":[1]}'
        ? [{ message: 'must be a mapping', path: ['collectors', 0] }]
        : [],
    ),
};
const job = 'config: {scrape_configs: [{job_name: a, static_configs: [{targets: ["h:1"]}]}]}\n';
const selector = 'collector_selector: {matchLabels: {app: c}}\n';
const minimal = `collector_namespace: ns\n${selector}${job}`;

let directory = '';
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'config-'));
});
afterEach(() => rm(directory, { recursive: true }));

async function load(text: string, given: Partial<ConfigSources> = {}) {
  const configFile = join(directory, 'targetallocator.yaml');
  await writeFile(configFile, text);
  const sources: ConfigSources = {
    configFile,
    overrides: {},
    log: { level: 'info', encoder: 'json', timeEncoding: 'rfc3339', stacktraceLevel: 'error' },
    isStrict: false,
    env: {},
    homeDirectory: '/home/x',
    ...given,
  };
  const result = await loadConfig(sources, plugins, 'start');
  const lines = result.problems.map((problem) =>
    `${problem.severity}: ${describeProblem(problem)}`.replaceAll(`${directory}/`, ''),
  );
  return { result, lines };
}

async function loaded(text: string, given: Partial<ConfigSources> = {}): Promise<AllocatorConfig> {
  const { result, lines } = await load(text, given);
  if (result.kind !== 'loaded') throw new Error(lines.join('\n'));
  return result.config;
}

async function refused(text: string, given: Partial<ConfigSources> = {}): Promise<string> {
  const { result, lines } = await load(text, given);
  if (result.kind !== 'refused') throw new Error('was accepted');
  return lines.join('\n');
}

describe('loadConfig', () => {
  it('fills in the defaults of the Go allocator', async () => {
    const config = await loaded(minimal);
    expect(config).toMatchObject({
      listenAddr: ':8080',
      kubeConfigFilePath: '/home/x/.kube/config',
      collectorNamespace: 'ns',
      collectorNotReadyGracePeriodMs: 30_000,
      allocationStrategy: 'consistent-hashing',
      allocationFallbackStrategy: undefined,
      filterStrategy: 'relabel-config',
      allowInsecureAuthSecrets: false,
      metricReaders: [],
      startupTimeoutMs: 60_000,
      shutdownDelayMs: 0,
      https: { enabled: false, listenAddr: ':8443', caFilePath: '' },
      prometheusCr: {
        enabled: false,
        scrapeIntervalMs: 30_000,
        serviceMonitorSelector: undefined,
        serviceMonitorNamespaceSelector: { matchLabels: {}, matchExpressions: [] },
        scrapeProtocols: [
          'OpenMetricsText1.0.0',
          'OpenMetricsText0.0.1',
          'PrometheusText1.0.0',
          'PrometheusText0.0.4',
        ],
      },
    });
    expect(config.prometheus.scrape_configs[0]).toMatchObject({
      job_name: 'a',
      scrape_interval: '1m',
      scrape_timeout: '10s',
    });
    expect(config.collectorSource).toMatchObject({
      type: 'kubernetes',
      options: {
        namespace: 'ns',
        notReadyGracePeriodMs: 30_000,
        selector: { matchLabels: { app: 'c' }, matchExpressions: [] },
      },
    });
  });

  it('reads every key of its own', async () => {
    const config = await loaded(`
listen_addr: 127.0.0.1:9
kube_config_file_path: /k
collector_namespace: ns
collector_selector:
  matchexpressions: [{key: app, operator: In, values: [a, b]}, {key: x/y, operator: Exists}]
collector_not_ready_grace_period: 1m30s
allocation_strategy: per-node
allocation_fallback_strategy: least-weighted
filter_strategy: relabel-config
allow_insecure_auth_secrets: true
prometheus_cr:
  enabled: yes
  allow_namespaces: [a]
  secret_namespaces: [s]
  service_monitor_selector: {}
  pod_monitor_selector: {matchLabels: {team: "1"}}
  probe_selector: null
  probe_namespace_selector: null
  scrape_interval: 1m
  evaluation_interval: 45s
  scrape_protocols: [PrometheusText0.0.4]
  scrape_classes: [{name: tls, default: true, tlsConfig: {caFile: /ca}}]
  deny_fs_access_through_sms: true
`);
    expect(config).toMatchObject({
      listenAddr: '127.0.0.1:9',
      kubeConfigFilePath: '/k',
      collectorSelector: {
        matchLabels: {},
        matchExpressions: [
          { key: 'app', operator: 'In', values: ['a', 'b'] },
          { key: 'x/y', operator: 'Exists', values: [] },
        ],
      },
      collectorNotReadyGracePeriodMs: 90_000,
      allocationStrategy: 'per-node',
      allocationFallbackStrategy: 'least-weighted',
      allowInsecureAuthSecrets: true,
      prometheusCr: {
        enabled: true,
        allowNamespaces: ['a'],
        denyNamespaces: [],
        secretNamespaces: ['s'],
        serviceMonitorSelector: { matchLabels: {}, matchExpressions: [] },
        podMonitorSelector: { matchLabels: { team: '1' }, matchExpressions: [] },
        probeSelector: undefined,
        probeNamespaceSelector: { matchLabels: {}, matchExpressions: [] },
        scrapeIntervalMs: 60_000,
        evaluationIntervalMs: 45_000,
        scrapeProtocols: ['PrometheusText0.0.4'],
        denyFsAccessThroughSms: true,
      },
    });
    expect(config.prometheusCr.scrapeClasses).toEqual([
      { name: 'tls', default: true, tlsConfig: { caFile: '/ca' } },
    ]);
  });

  it('lets camel case win in selectors', async () => {
    const text = minimal.replace('{matchLabels', '{matchlabels: {app: no}, matchLabels');
    expect((await loaded(text)).collectorSelector?.matchLabels).toEqual({ app: 'c' });
  });

  it('takes defaults < file < environment < flags', async () => {
    const text = `${minimal}listen_addr: ":1"\nallow_insecure_auth_secrets: false\nhttps: {listen_addr: ":2"}\n`;
    expect(await loaded(text)).toMatchObject({ listenAddr: ':1', https: { listenAddr: ':2' } });
    const env = { OTELCOL_NAMESPACE: 'from-env', ALLOW_INSECURE_AUTH_SECRETS: 'true' };
    expect(await loaded(text, { env })).toMatchObject({
      collectorNamespace: 'from-env',
      allowInsecureAuthSecrets: true,
    });
    const overrides = {
      listenAddr: ':3',
      allowInsecureAuthSecrets: false,
      httpsListenAddr: ':4',
      prometheusCrEnabled: true,
      shutdownDelayMs: 7,
      startupTimeoutMs: 8,
    };
    expect(await loaded(text, { env, overrides })).toMatchObject({
      listenAddr: ':3',
      allowInsecureAuthSecrets: false,
      https: { listenAddr: ':4' },
      prometheusCr: { enabled: true },
      shutdownDelayMs: 7,
      startupTimeoutMs: 8,
    });
  });

  it('takes ALLOW_INSECURE_AUTH_SECRETS only when it is exactly true, and warns of what looks like it', async () => {
    for (const value of ['TRUE', '1', 'yes']) {
      const { result, lines } = await load(minimal, {
        env: { ALLOW_INSECURE_AUTH_SECRETS: value },
      });
      expect(result).toMatchObject({ kind: 'loaded', config: { allowInsecureAuthSecrets: false } });
      expect(lines.join()).toContain(
        'ALLOW_INSECURE_AUTH_SECRETS in the environment does not count',
      );
    }
  });

  it('serves on for a while after SIGTERM only where endpoints lag behind', async () => {
    const env = { KUBERNETES_SERVICE_HOST: '10.0.0.1' };
    expect(await loaded(minimal, { env })).toMatchObject({ shutdownDelayMs: 5_000 });
  });

  it('reports all problems at once, each with line, key path, value and what would be right', async () => {
    const text = await refused(`listen_addr: nowhere
collector_not_ready_grace_period: 1d
collector_selector:
  matchExpressions: [{key: a, operator: Near, values: [x]}]
allocation_strategy: round-robin
prometheus_cr: {scrape_interval: 1d}
config:
  scrape_configs:
    - job_name: a
      scrape_interval: 1.5m
      static_configs: [{targets: ["http://h:1/metrics"]}]
`);
    expect(text).toContain(
      'targetallocator.yaml:1:14: listen_addr: not an address to listen on, got "nowhere"; write host:port',
    );
    expect(text).toContain(
      'targetallocator.yaml:2:35: collector_not_ready_grace_period: not a valid duration, got "1d"',
    );
    expect(text).toContain(
      ':4:41: collector_selector.matchExpressions[0].operator: unknown value, got "Near"; use one of In, NotIn',
    );
    expect(text).toContain(
      ':5:22: allocation_strategy: unknown allocation strategy; there are consistent-hashing, least-weighted, per-node, got "round-robin"',
    );
    expect(text).toContain(':6:34: prometheus_cr.scrape_interval: not a valid duration, got "1d"');
    expect(text).toContain(':10:24: config.scrape_configs[0].scrape_interval');
    expect(text).toContain(':11:35: config.scrape_configs[0].static_configs[0].targets[0]');
    expect(text).toContain('collector_namespace: the namespace of the collectors is not set');
  });

  it('tells a flag and a variable from the file', async () => {
    const text = await refused(minimal, {
      overrides: { listenAddr: 'x', httpsEnabled: true, httpsCaFilePath: '/no/ca.pem' },
      env: { OTELCOL_NAMESPACE: '' },
    });
    expect(text).toContain('flag --listen-addr: not an address to listen on, got "x"');
    expect(text).toContain('flag --https-ca-file: no such file, got "/no/ca.pem"');
    expect(text).toContain('https.tls_key_file_path: HTTPS needs a key');
    expect(text).toContain(
      'environment: OTELCOL_NAMESPACE: the namespace of the collectors is not set',
    );
  });

  it('checks the files of HTTPS at the start, and leaves them to the server later', async () => {
    const text = `${minimal}https: {enabled: true, ca_file_path: /no, tls_cert_file_path: /no, tls_key_file_path: /no}\n`;
    expect(await refused(text)).toContain('https.tls_cert_file_path: no such file, got "/no"');
  });

  it.each([
    ['', 'no scrape config, and custom resources are not watched either'],
    ['config:\n\tscrape_configs: []\n', 'targetallocator.yaml:2:1'],
    ['config: {scrape_configs: []}', 'config: no scrape config'],
    [
      `${minimal}prometheus_cr: {allow_namespaces: [a], deny_namespaces: [b]}`,
      'exclude each other',
    ],
    [
      `${minimal}allocation_fallback_strategy: nearest`,
      'allocation_fallback_strategy: unknown allocation strategy',
    ],
    [`${minimal}allocation_strategy: ""`, 'allocation_strategy: unknown allocation strategy'],
    [`${minimal}collector_not_ready_grace_period: -1s`, 'must not be negative'],
    [
      `${minimal}collector_source: {type: ecs}`,
      'unknown collector source; there are file, kubernetes, static',
    ],
    [`${minimal}collector_source: {path: x}`, 'collector_source.type: no type'],
    [`${minimal}collector_source: static`, 'collector_source: expected a mapping with a type'],
    [
      `${minimal}collector_source: {type: static, collectors: [1]}`,
      'collector_source.collectors[0]: must be a mapping',
    ],
    [`${minimal}prometheus_cr: {scrape_protocols: [Fast]}`, 'unknown scrape protocol, got "Fast"'],
    [`${minimal}prometheus_cr: {scrape_classes: [{default: true}]}`, 'a scrape class needs a name'],
    [`${minimal}prometheus_cr: {probe_selector: {matchLabels: {"a b": c}}}`, 'not a label name'],
    [minimal.replace('app: c', 'app: "-"'), 'not a label value'],
    [
      minimal.replace('matchLabels: {app: c}', 'matchExpressions: [{key: a, operator: In}]'),
      'In needs at least one value',
    ],
    [
      minimal.replace(
        'matchLabels: {app: c}',
        'matchExpressions: [{key: a, operator: Exists, values: [x]}]',
      ),
      'Exists takes no values',
    ],
    [
      minimal.replace('{app: c}', '[app]'),
      'collector_selector.matchLabels: expected a mapping, got a list',
    ],
    [`${minimal}config: {}`, 'targetallocator.yaml:4'],
    ['[]', 'expected a mapping, got a list'],
    ['just text', 'expected a mapping'],
    [
      minimal
        .replace('static_configs', 'consul_sd_configs')
        .replace('targets: ["h:1"]', 'server: x'),
      'no plugin provides the service discovery "consul"',
    ],
  ])('refuses %j', async (text, problem) => {
    expect(await refused(text)).toContain(problem);
  });

  it('warns of unknown keys, and refuses them when strict', async () => {
    const text = `${minimal}allocation_stratgy: per-node\nhttps: {port: 1}\n`;
    const { result, lines } = await load(text);
    expect(result.kind).toBe('loaded');
    expect(lines).toContain(
      'warning: targetallocator.yaml:4:1: allocation_stratgy: unknown key; did you mean "allocation_strategy"?',
    );
    expect(lines.join()).toContain('https.port: unknown key');
    expect(await refused(text, { isStrict: true })).toContain('error: targetallocator.yaml:4:1');
  });

  it('says loudly that nothing is selected without a selector', async () => {
    const { lines } = await load(minimal.replace(selector, 'collector_selector: null\n'));
    expect(lines.join()).toContain(
      'collector_selector: no collector is selected, so every target stays unassigned',
    );
  });

  it('says that another filter than relabel-config filters nothing', async () => {
    const { result, lines } = await load(`${minimal}filter_strategy: "off"\n`);
    expect(result).toMatchObject({ kind: 'loaded', config: { filterStrategy: 'off' } });
    expect(lines.join()).toContain('filter_strategy: targets are not filtered');
  });

  it('says that custom resources are not watched yet, and which kinds would select nothing', async () => {
    const { result, lines } = await load(
      `${minimal}prometheus_cr: {enabled: true, probe_selector: {}}\n`,
    );
    expect(result.kind).toBe('loaded');
    expect(lines.join()).toContain('custom resources are not watched by this version');
    expect(lines.filter((line) => line.includes('without a selector'))).toHaveLength(3);
  });

  it('needs no namespace for collectors that are not pods', async () => {
    const config = await loaded(
      `${job}collector_source: {type: static, collectors: [{name: c-0}], weird: 0x10}\n`,
    );
    expect(config.collectorSource).toEqual({
      type: 'static',
      options: { collectors: [{ name: 'c-0' }], weird: 16 },
    });
  });

  it('takes a bare number for nanoseconds, as Go does, and warns', async () => {
    const { result, lines } = await load(
      `${minimal}collector_not_ready_grace_period: 30000000000\n`,
    );
    expect(result).toMatchObject({ config: { collectorNotReadyGracePeriodMs: 30_000 } });
    expect(lines.join()).toContain('a number without a unit means nanoseconds');
    expect(await loaded(`${minimal}collector_not_ready_grace_period: 0\n`)).toMatchObject({
      collectorNotReadyGracePeriodMs: 0,
    });
  });
});

describe('telemetry readers', () => {
  const readers = (text: string) =>
    `${minimal}telemetry: {metrics: {readers: [{periodic: ${text}}]}}\n`;

  it('reads them with their defaults and the environment', async () => {
    const config = await loaded(
      readers(
        '{exporter: {otlp_grpc: {endpoint: "${env:HOST}:4317", headers: [{name: k, value: "Bearer ${env:TOKEN}$1"}, {name: none, value: null}], tls: {insecure: true}}}}',
      ),
      { env: { HOST: 'collector', TOKEN: 't0p' } },
    );
    expect(config.metricReaders).toEqual([
      {
        intervalMs: 60_000,
        timeoutMs: 30_000,
        exporter: {
          protocol: 'grpc',
          endpoint: 'collector:4317',
          headers: [{ name: 'k', value: 'Bearer t0p$1' }],
          temporalityPreference: 'cumulative',
          tlsInsecure: true,
        },
      },
    ]);
    const http = await loaded(
      readers(
        '{interval: 500, timeout: 100, exporter: {otlp_http: {endpoint: "http://c:4318", temporality_preference: low_memory}}}',
      ),
    );
    expect(http.metricReaders[0]).toMatchObject({
      intervalMs: 500,
      timeoutMs: 100,
      exporter: { protocol: 'http', temporalityPreference: 'low_memory' },
    });
  });

  it('never shows the value of a variable', async () => {
    const { lines } = await load(
      readers(
        '{exporter: {otlp_http: {endpoint: "${env:TOKEN}", headers: [{name: k, value: "${env:NONE}"}]}}}',
      ),
      { env: { TOKEN: 'hunter2' } },
    );
    expect(lines.join()).toContain('not an endpoint');
    expect(lines.join()).not.toContain('hunter2');
  });

  it.each([
    ['{exporter: {}}', 'no exporter'],
    ['{exporter: {otlp_grpc: {endpoint: a}, otlp_http: {endpoint: b}}}', 'exclude each other'],
    ['{exporter: {otlp_grpc: {}}}', 'no endpoint'],
    ['{exporter: {otlp_http: {endpoint: "host:4318"}}}', 'not an endpoint'],
    [
      '{exporter: {otlp_grpc: {endpoint: a, temporality_preference: fast}}}',
      'unknown value, got "fast"',
    ],
    ['{interval: -1, exporter: {otlp_grpc: {endpoint: a}}}', 'periodic.interval'],
  ])('refuses %s', async (reader, problem) => {
    expect(await refused(readers(reader))).toContain(problem);
  });
});

describe('scrape_config_files', () => {
  it('reads the files that the patterns name, relative to the configuration', async () => {
    await mkdir(join(directory, 'jobs'));
    await writeFile(join(directory, 'jobs/a.yaml'), 'scrape_configs: [{job_name: from-a}]');
    await writeFile(join(directory, 'jobs/b.yaml'), 'scrape_configs: [{job_name: from-b}]');
    const { result, lines } = await load(
      `collector_namespace: ns\n${selector}config: {scrape_config_files: ["jobs/*.yaml", none.yaml]}\n`,
    );
    expect(result).toMatchObject({ kind: 'loaded' });
    if (result.kind !== 'loaded') return;
    expect(result.config.prometheus.scrape_configs.map((config) => config.job_name)).toEqual([
      'from-a',
      'from-b',
    ]);
    expect(result.paths).toContain(join(directory, 'jobs/*.yaml'));
    expect(lines.join()).toContain(
      'config.scrape_config_files[1]: matches no file, got "none.yaml"',
    );
  });

  it('names file and line of what is wrong in them', async () => {
    await writeFile(join(directory, 'a.yaml'), 'scrape_configs:\n- job_name: a\n  scheme: [x]\n');
    const text = await refused(
      `collector_namespace: ns\n${selector}config: {scrape_config_files: [a.yaml]}\n`,
    );
    expect(text).toContain('a.yaml:3:11: scrape_configs[0].scheme');
  });

  it('refuses one that is a directory', async () => {
    await mkdir(join(directory, 'd.yaml'));
    const text = await refused(
      `collector_namespace: ns\n${selector}config: {scrape_config_files: [d.yaml]}\n`,
    );
    expect(text).toContain('d.yaml: a directory, not a file');
  });
});
