import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import type { ConfigSources } from './overrides.js';
import { minimalConfig, oneJob, oneSelector, WrittenConfig } from './testing/written-config.js';

let written: WrittenConfig;
beforeEach(async () => {
  written = await WrittenConfig.create();
});
afterEach(() => written.remove());

const load = (text: string, given?: Partial<ConfigSources>) => written.load(text, given);
const loaded = (text: string, given?: Partial<ConfigSources>) => written.loaded(text, given);
const refused = (text: string, given?: Partial<ConfigSources>) => written.refused(text, given);

describe('loadConfig on mistakes', () => {
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
    const text = await refused(minimalConfig, {
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
    const text = `${minimalConfig}https: {enabled: true, ca_file_path: /no, tls_cert_file_path: /no, tls_key_file_path: /no}\n`;
    expect(await refused(text)).toContain('https.tls_cert_file_path: no such file, got "/no"');
  });

  it.each([
    ['', 'no scrape config, and custom resources are not watched either'],
    ['config:\n\tscrape_configs: []\n', 'targetallocator.yaml:2:1'],
    ['config: {scrape_configs: []}', 'config: no scrape config'],
    [
      `${minimalConfig}prometheus_cr: {allow_namespaces: [a], deny_namespaces: [b]}`,
      'exclude each other',
    ],
    [
      `${minimalConfig}allocation_fallback_strategy: nearest`,
      'allocation_fallback_strategy: unknown allocation strategy',
    ],
    [`${minimalConfig}allocation_strategy: ""`, 'allocation_strategy: unknown allocation strategy'],
    [`${minimalConfig}collector_not_ready_grace_period: -1s`, 'must not be negative'],
    [
      `${minimalConfig}collector_source: {type: ecs}`,
      'unknown collector source; there are file, kubernetes, static',
    ],
    [`${minimalConfig}collector_source: {path: x}`, 'collector_source.type: no type'],
    [
      `${minimalConfig}collector_source: static`,
      'collector_source: expected a mapping with a type',
    ],
    [
      `${minimalConfig}collector_source: {type: static, collectors: [1]}`,
      'collector_source.collectors[0]: must be a mapping',
    ],
    [
      `${minimalConfig}prometheus_cr: {scrape_protocols: [Fast]}`,
      'unknown scrape protocol, got "Fast"',
    ],
    [
      `${minimalConfig}prometheus_cr: {scrape_classes: [{default: true}]}`,
      'a scrape class needs a name',
    ],
    [
      `${minimalConfig}prometheus_cr: {probe_selector: {matchLabels: {"a b": c}}}`,
      'not a label name',
    ],
    [minimalConfig.replace('app: c', 'app: "-"'), 'not a label value'],
    [
      minimalConfig.replace('matchLabels: {app: c}', 'matchExpressions: [{key: a, operator: In}]'),
      'In needs at least one value',
    ],
    [
      minimalConfig.replace(
        'matchLabels: {app: c}',
        'matchExpressions: [{key: a, operator: Exists, values: [x]}]',
      ),
      'Exists takes no values',
    ],
    [
      minimalConfig.replace('{app: c}', '[app]'),
      'collector_selector.matchLabels: expected a mapping, got a list',
    ],
    [`${minimalConfig}config: {}`, 'targetallocator.yaml:4'],
    ['[]', 'expected a mapping, got a list'],
    ['just text', 'expected a mapping'],
    [
      minimalConfig
        .replace('static_configs', 'consul_sd_configs')
        .replace('targets: ["h:1"]', 'server: x'),
      'no plugin provides the service discovery "consul"',
    ],
  ])('refuses %j', async (text, problem) => {
    expect(await refused(text)).toContain(problem);
  });

  it('warns of unknown keys, and refuses them when strict', async () => {
    const text = `${minimalConfig}allocation_stratgy: per-node\nhttps: {port: 1}\n`;
    const { result, lines } = await load(text);
    expect(result.kind).toBe('loaded');
    expect(lines).toContain(
      'warning: targetallocator.yaml:4:1: allocation_stratgy: unknown key; did you mean "allocation_strategy"?',
    );
    expect(lines.join()).toContain('https.port: unknown key');
    expect(await refused(text, { isStrict: true })).toContain('error: targetallocator.yaml:4:1');
  });

  it('says loudly that nothing is selected without a selector', async () => {
    const { lines } = await load(minimalConfig.replace(oneSelector, 'collector_selector: null\n'));
    expect(lines.join()).toContain(
      'collector_selector: no collector is selected, so every target stays unassigned',
    );
  });

  it('says that another filter than relabel-config filters nothing', async () => {
    const { result, lines } = await load(`${minimalConfig}filter_strategy: "off"\n`);
    expect(result).toMatchObject({ kind: 'loaded', config: { filterStrategy: 'off' } });
    expect(lines.join()).toContain('filter_strategy: targets are not filtered');
  });

  it('says which kinds of custom resources select nothing, because they have no selector', async () => {
    const { result, lines } = await load(
      `${minimalConfig}prometheus_cr: {enabled: true, probe_selector: {}}\n`,
    );
    expect(result.kind).toBe('loaded');
    expect(lines.filter((line) => line.includes('without a selector'))).toHaveLength(3);
  });

  it('needs no namespace for collectors that are not pods', async () => {
    const config = await loaded(
      `${oneJob}collector_source: {type: static, collectors: [{name: c-0}], weird: 0x10}\n`,
    );
    expect(config.collectorSource).toEqual({
      type: 'static',
      options: { collectors: [{ name: 'c-0' }], weird: 16 },
    });
  });

  it('takes a bare number for nanoseconds, as Go does, and warns', async () => {
    const { result, lines } = await load(
      `${minimalConfig}collector_not_ready_grace_period: 30000000000\n`,
    );
    expect(result).toMatchObject({ config: { collectorNotReadyGracePeriodMs: 30_000 } });
    expect(lines.join()).toContain('a number without a unit means nanoseconds');
    expect(await loaded(`${minimalConfig}collector_not_ready_grace_period: 0\n`)).toMatchObject({
      collectorNotReadyGracePeriodMs: 0,
    });
  });
});
