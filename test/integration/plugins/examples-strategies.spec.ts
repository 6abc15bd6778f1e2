import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { Allocator } from '../../fixtures/allocator.js';
import { Cluster, isClusterAvailable } from '../../fixtures/cluster/cluster.js';
import { ExamplePackage, placesOf } from './example-package.js';

const settled = { timeout: 60_000, interval: 250 };
const collectors = ['collector-a', 'collector-b', 'collector-c'];
const zoneLabel = 'topology.kubernetes.io/zone';
const weightAnnotation = 'opentelemetry.io/target-allocation-weight';

const addresses = (net: number, count: number): readonly string[] =>
  Array.from({ length: count }, (_, index) => `10.${String(net)}.0.${String(index + 1)}`);
const withPort = (ips: readonly string[]): readonly string[] =>
  ips.map((ip) => `${ip}:8080`).toSorted();

describe.skipIf(!isClusterAvailable)('the example strategies, from their tarballs', () => {
  let cluster: Cluster;
  let allocator: Allocator | undefined;
  const installed: ExamplePackage[] = [];

  beforeAll(async () => {
    cluster = await Cluster.start();
    for (const example of ['strategy-zone-aware', 'strategy-weighted']) {
      installed.push(await ExamplePackage.install(example));
    }
  });
  afterEach(async () => {
    await allocator?.stop();
    allocator = undefined;
  });
  afterAll(async () => {
    await cluster.stop();
    for (const example of installed) await example.remove();
  });

  /** An allocator whose collectors are pods of a namespace and whose targets are those of another one. */
  async function start(strategy: string, role: string, options: object): Promise<Allocator> {
    const plugin = installed.find(({ name }) => name === `ta-plugin-${strategy}`);
    const sd = { role, namespaces: { names: [`${strategy}-targets`] } };
    const started = await Allocator.start({
      config: {
        collector_namespace: strategy,
        collector_selector: { matchLabels: { app: 'collector' } },
        allocation_strategy: strategy,
        plugins: [{ package: plugin?.name, options }],
        config: { scrape_configs: [{ job_name: 'shop', kubernetes_sd_configs: [sd] }] },
      },
      kubeconfigPath: await cluster.kubeConfig(),
      flags: plugin?.flags ?? [],
    });
    allocator = started;
    await started.waitUntilReady();
    return started;
  }

  async function slice(namespace: string, zone: string, ips: readonly string[]): Promise<void> {
    const path = `/apis/discovery.k8s.io/v1/namespaces/${namespace}/endpointslices`;
    await cluster.api('POST', path, {
      metadata: { name: `slice-${zone}`, labels: { 'kubernetes.io/service-name': 'shop' } },
      addressType: 'IPv4',
      ports: [{ name: 'metrics', port: 8080, protocol: 'TCP' }],
      endpoints: ips.map((ip) => ({ addresses: [ip], zone, conditions: { ready: true } })),
    });
  }

  /** A pod with an address, as a target. */
  async function pod(namespace: string, name: string, ip: string, weight?: string): Promise<void> {
    const annotations = weight === undefined ? {} : { [weightAnnotation]: weight };
    await cluster.api('POST', `/api/v1/namespaces/${namespace}/pods`, {
      metadata: { name, annotations },
      spec: {
        nodeName: 'node-1',
        containers: [{ name: 'main', image: 'main', ports: [{ containerPort: 8080 }] }],
      },
    });
    await cluster.api(
      'PATCH',
      `/api/v1/namespaces/${namespace}/pods/${name}/status`,
      { status: { phase: 'Running', podIP: ip, podIPs: [{ ip }] } },
      'application/merge-patch+json',
    );
  }

  async function collector(namespace: string, letter: string, labels: object = {}): Promise<void> {
    await cluster.pods.create(namespace, `collector-${letter}`, {
      labels: { app: 'collector', ...labels },
    });
  }

  const spillsOf = async (running: Allocator): Promise<readonly string[]> =>
    (await running.get('/metrics')).text
      .split('\n')
      .filter((line) => line.startsWith('opentelemetry_allocator_plugin_ta_plugin_zone_aware_'));

  it('keep targets in their zone, spill over where there is no collector, and take them home', async () => {
    for (const name of ['zone-aware', 'zone-aware-targets']) await cluster.createNamespace(name);
    await collector('zone-aware', 'a', { [zoneLabel]: 'zone-a' });
    await collector('zone-aware', 'b', { [zoneLabel]: 'zone-b' });
    const [ofA, ofB, ofC] = [addresses(1, 6), addresses(2, 4), addresses(3, 4)];
    await slice('zone-aware-targets', 'zone-a', ofA);
    await slice('zone-aware-targets', 'zone-b', ofB);
    const running = await start('zone-aware', 'endpointslice', { max_skew: 50 });
    await expect
      .poll(() => placesOf(running, 'shop', collectors), settled)
      .toEqual({ 'collector-a': withPort(ofA), 'collector-b': withPort(ofB), 'collector-c': [] });
    expect(await spillsOf(running)).toEqual([]);

    // The zone c has no collector: the two get as even as they can.
    await slice('zone-aware-targets', 'zone-c', ofC);
    await expect
      .poll(async () => {
        const places = await placesOf(running, 'shop', collectors);
        return Object.values(places).map(({ length }) => length);
      }, settled)
      .toEqual([7, 7, 0]);
    expect(await spillsOf(running)).toEqual([
      expect.stringMatching(/_spillover_total\{.*zone="zone-c",reason="no_collector".*\} 4$/),
    ]);

    await collector('zone-aware', 'c', { [zoneLabel]: 'zone-c' });
    await expect
      .poll(() => placesOf(running, 'shop', collectors), settled)
      .toEqual({
        'collector-a': withPort(ofA),
        'collector-b': withPort(ofB),
        'collector-c': withPort(ofC),
      });

    // Nobody scrapes a zone that is too far ahead from within it alone.
    const many = addresses(4, 80);
    const path =
      '/apis/discovery.k8s.io/v1/namespaces/zone-aware-targets/endpointslices/slice-zone-c';
    await cluster.api('DELETE', path);
    await slice('zone-aware-targets', 'zone-c', many);
    await expect
      .poll(async () => (await spillsOf(running)).join('\n'), settled)
      .toMatch(/zone="zone-c",reason="max_skew"/);
    const places = await placesOf(running, 'shop', collectors);
    const loads = Object.values(places).map(({ length }) => length);
    expect(loads.reduce((sum, load) => sum + load)).toBe(90);
    expect(Math.max(...loads) - Math.min(...loads)).toBeLessThanOrEqual(51);
  });

  it('spread weights instead of numbers, and move nothing without need', async () => {
    for (const name of ['weighted', 'weighted-targets']) await cluster.createNamespace(name);
    for (const letter of ['a', 'b']) await collector('weighted', letter);
    await pod('weighted-targets', 'heavy', '10.9.0.1', '10');
    const light = addresses(5, 10);
    for (const [index, ip] of light.entries()) {
      await pod('weighted-targets', `light-${String(index)}`, ip);
    }
    await pod('weighted-targets', 'odd', '10.9.0.2', 'very heavy');
    const running = await start('weighted', 'pod', { default_weight: 1 });
    const weigh = async (): Promise<readonly number[]> => {
      const places = await placesOf(running, 'shop', collectors);
      const weightOf = (address: string): number => (address === '10.9.0.1:8080' ? 10 : 1);
      return Object.values(places).map((has) => has.reduce((sum, at) => sum + weightOf(at), 0));
    };
    await expect
      .poll(async () => (await weigh()).reduce((sum, weight) => sum + weight), settled)
      .toBe(21);
    const weights = (await weigh()).slice(0, 2);
    expect(Math.abs((weights[0] ?? 0) - (weights[1] ?? 0))).toBeLessThanOrEqual(10);
    const complaints = running.program.output
      .split('\n')
      .filter((line) => line.includes('a weight is no whole number from 1 to 100'));
    expect(complaints).toHaveLength(1);
    expect(complaints[0]).toContain('"value":"very heavy"');

    const before = await placesOf(running, 'shop', ['collector-a', 'collector-b']);
    await collector('weighted', 'c');
    await expect
      .poll(
        async () => Object.keys((await running.getJson('/jobs/shop/targets')) as object),
        settled,
      )
      .toContain('collector-c');
    expect(await placesOf(running, 'shop', ['collector-a', 'collector-b'])).toEqual(before);

    // The new one fills up with what is new, until it weighs as much as the others.
    await pod('weighted-targets', 'heavy-too', '10.9.0.3', '8');
    await expect
      .poll(() => placesOf(running, 'shop', ['collector-c']), settled)
      .toEqual({ 'collector-c': ['10.9.0.3:8080'] });
    expect(await placesOf(running, 'shop', ['collector-a', 'collector-b'])).toEqual(before);
  });
});
