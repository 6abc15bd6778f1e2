import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { Allocator } from '../../fixtures/allocator.js';
import { Cluster, isClusterAvailable } from '../../fixtures/cluster/cluster.js';
import { eventually } from '../../fixtures/eventually.js';
import { ExamplePackage, placesOf } from './example-package.js';

const settled = { timeout: 90_000, interval: 250 };
const checks = '/apis/checks.example.com/v1alpha1';
const spec = {
  prober: 'blackbox.monitoring:9115',
  module: 'http_2xx',
  targets: ['https://shop.example.com'],
  interval: '1m',
};

describe.skipIf(!isClusterAvailable)('the example watcher, from its tarball', () => {
  let cluster: Cluster;
  let plugin: ExamplePackage;
  let allocator: Allocator;

  beforeAll(async () => {
    cluster = await Cluster.start();
    plugin = await ExamplePackage.install('watcher-blackbox-check');
    for (const name of ['shop', 'denied']) await cluster.createNamespace(name);
    allocator = await Allocator.start({
      config: {
        collector_namespace: 'ns',
        collector_source: { type: 'static', collectors: [{ name: 'c' }] },
        plugins: [{ package: plugin.name, options: { deny_namespaces: ['denied'] } }],
        config: { scrape_configs: [{ job_name: 'file', static_configs: [{ targets: ['f:1'] }] }] },
      },
      kubeconfigPath: await cluster.kubeConfig(),
      flags: plugin.flags,
    });
  });
  afterAll(async () => {
    await allocator.stop();
    await cluster.stop();
    await plugin.remove();
  });

  const create = (key: string, its: object): Promise<unknown> => {
    const [namespace = '', name = ''] = key.split('/');
    return cluster.api('POST', `${checks}/namespaces/${namespace}/blackboxchecks`, {
      apiVersion: 'checks.example.com/v1alpha1',
      kind: 'BlackboxCheck',
      metadata: { name },
      spec: its,
    });
  };
  const change = (name: string, its: object): Promise<unknown> =>
    cluster.api(
      'PATCH',
      `${checks}/namespaces/shop/blackboxchecks/${name}`,
      { spec: its },
      'application/merge-patch+json',
    );
  const configs = async (): Promise<Readonly<Record<string, unknown>>> =>
    (await allocator.getJson('/scrape_configs')) as Readonly<Record<string, unknown>>;
  const jobs = async (): Promise<readonly string[]> => Object.keys(await configs()).sort();

  it('makes no job before its definition is installed, and holds up no other', async () => {
    await allocator.waitUntilReady();
    expect(await jobs()).toEqual(['file']);
  });

  it('makes a job of each resource, whose targets are allocated', async () => {
    const definition: unknown = parse(await plugin.read('deploy/crd.yaml'));
    const definitions = '/apis/apiextensions.k8s.io/v1/customresourcedefinitions';
    await cluster.api('POST', definitions, definition);
    await eventually('the definition is served', () =>
      cluster.api('GET', `${checks}/blackboxchecks`),
    );
    await create('shop/site', spec);
    await create('shop/cart', { ...spec, targets: ['https://cart.example.com'] });
    await create('denied/site', spec);
    await expect
      .poll(jobs, settled)
      .toEqual(['blackboxCheck/shop/cart', 'blackboxCheck/shop/site', 'file']);
    await expect
      .poll(() => placesOf(allocator, 'blackboxCheck/shop/site', ['c']), settled)
      .toEqual({ c: ['https://shop.example.com'] });
    expect((await configs())['blackboxCheck/shop/site']).toMatchObject({
      scrape_interval: '1m',
      metrics_path: '/probe',
      params: { module: ['http_2xx'] },
    });
  });

  it('follows changes', async () => {
    const targets = ['https://a.example.com', 'https://b.example.com'];
    await change('site', { targets, module: 'tcp_connect' });
    await expect
      .poll(() => placesOf(allocator, 'blackboxCheck/shop/site', ['c']), settled)
      .toEqual({ c: targets });
    expect((await configs())['blackboxCheck/shop/site']).toMatchObject({
      params: { module: ['tcp_connect'] },
    });
  });

  it('rejects a bad one with its reason, and keeps its last good version and all others', async () => {
    const before = await jobs();
    await change('cart', { interval: 'often' });
    await create('shop/bad', { ...spec, prober: 'http://blackbox' });
    await allocator.program.waitForOutput(/"name":"cart"[^\n]*spec\.interval: must be a duration/);
    await allocator.program.waitForOutput(/"name":"bad"[^\n]*spec\.prober: must be host:port/);
    expect(await jobs()).toEqual(before);
    const resources = JSON.stringify(await allocator.getJson('/api/v1/resources'));
    expect(resources).toContain('spec.prober: must be host:port');
  });

  it('takes the job away with its resource', async () => {
    await cluster.api('DELETE', `${checks}/namespaces/shop/blackboxchecks/site`);
    await expect.poll(jobs, settled).toEqual(['blackboxCheck/shop/cart', 'file']);
  });
});
