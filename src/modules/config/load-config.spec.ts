import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import type { ConfigSources } from './overrides.js';
import { minimalConfig, WrittenConfig } from './testing/written-config.js';

let written: WrittenConfig;
beforeEach(async () => {
  written = await WrittenConfig.create();
});
afterEach(() => written.remove());

const load = (text: string, given?: Partial<ConfigSources>) => written.load(text, given);
const loaded = (text: string, given?: Partial<ConfigSources>) => written.loaded(text, given);

describe('loadConfig', () => {
  it('fills in the defaults of the Go allocator', async () => {
    const config = await loaded(minimalConfig);
    expect(config).toMatchObject({
      listenAddr: ':8080',
      kubeConfigFilePath: '/home/x/.kube/config',
      collectorNamespace: 'ns',
      collectorNotReadyGracePeriodMs: 30_000,
      allocationStrategy: 'consistent-hashing',
      allocationFallbackStrategy: undefined,
      filterStrategy: 'relabel-config',
      kubernetes: { consistencyCheckIntervalMs: 0 },
      discovery: { maxDropRatio: 1 },
      allowInsecureAuthSecrets: false,
      metricReaders: [],
      startupTimeoutMs: 60_000,
      shutdownDelayMs: 0,
      leaderElect: false,
      leaseName: 'target-allocator',
      stateDir: undefined,
      stateMaxAgeMs: 3_600_000,
      https: { enabled: false, listenAddr: ':8443', caFilePath: '' },
      prometheusCr: {
        enabled: false,
        serviceMonitorSelector: undefined,
        serviceMonitorNamespaceSelector: { matchLabels: {}, matchExpressions: [] },
      },
    });
    expect(config.prometheus.scrape_configs[0]).toMatchObject({
      job_name: 'a',
      scrape_interval: '1m',
      scrape_timeout: '10s',
    });
    expect(config.collectorSource).toEqual({ type: 'kubernetes', options: {} });
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
        spec: {
          scrapeInterval: '1m',
          evaluationInterval: '45s',
          scrapeProtocols: ['PrometheusText0.0.4'],
        },
        denyFsAccessThroughSms: true,
      },
    });
    expect(config.prometheusCr.spec.scrapeClasses).toEqual([
      { name: 'tls', default: true, tlsConfig: { caFile: '/ca' } },
    ]);
  });

  it('lets camel case win in selectors', async () => {
    const text = minimalConfig.replace('{matchLabels', '{matchlabels: {app: no}, matchLabels');
    expect((await loaded(text)).collectorSelector?.matchLabels).toEqual({ app: 'c' });
  });

  it('takes defaults < file < environment < flags', async () => {
    const text = `${minimalConfig}listen_addr: ":1"\nallow_insecure_auth_secrets: false\nhttps: {listen_addr: ":2"}\n`;
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
      stateDir: '/state',
      stateMaxAgeMs: 9,
    };
    expect(await loaded(text, { env, overrides })).toMatchObject({
      listenAddr: ':3',
      allowInsecureAuthSecrets: false,
      https: { listenAddr: ':4' },
      prometheusCr: { enabled: true },
      shutdownDelayMs: 7,
      startupTimeoutMs: 8,
      stateDir: '/state',
      stateMaxAgeMs: 9,
    });
  });

  it('takes ALLOW_INSECURE_AUTH_SECRETS only when it is exactly true, and warns of what looks like it', async () => {
    for (const value of ['TRUE', '1', 'yes']) {
      const { result, lines } = await load(minimalConfig, {
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
    expect(await loaded(minimalConfig, { env })).toMatchObject({ shutdownDelayMs: 5_000 });
  });
});
