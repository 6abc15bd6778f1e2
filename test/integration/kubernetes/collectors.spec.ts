import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { Cluster, isClusterAvailable } from '../../fixtures/cluster/cluster.js';
import { WatchedCollectors, type WatchedCollectorsOptions } from './watched-collectors.js';

const otel = { labels: { app: 'otel' } };
const soon = { timeout: 10_000, interval: 50 };

describe.skipIf(!isClusterAvailable)('collectors from pods of a real API server', () => {
  let cluster: Cluster;
  let kubeConfig: string;
  let watched: WatchedCollectors | undefined;
  let namespaces = 0;

  beforeAll(async () => {
    cluster = await Cluster.start();
    kubeConfig = await cluster.kubeConfig();
  });
  afterEach(async () => {
    await watched?.stop();
  });
  afterAll(async () => {
    await cluster.stop();
  });

  async function newNamespace(): Promise<string> {
    const name = `ns-${String(namespaces++)}`;
    await cluster.createNamespace(name);
    return name;
  }
  function watch(options: Omit<WatchedCollectorsOptions, 'kubeConfig'>): WatchedCollectors {
    watched = new WatchedCollectors({ kubeConfig, ...options });
    return watched;
  }

  it('follows pods as they come, change and go', async () => {
    const namespace = await newNamespace();
    await cluster.pods.create(namespace, 'c-0', otel);
    await cluster.pods.create(namespace, 'other', { labels: { app: 'other' } });
    const collectors = watch({ namespace });
    await expect.poll(() => collectors.names, soon).toEqual(['c-0']);
    await cluster.pods.create(namespace, 'c-1', { ...otel, node: 'node-2' });
    await expect.poll(() => collectors.names, soon).toEqual(['c-0', 'c-1']);
    expect(collectors.collectors.find(({ name }) => name === 'c-1')).toMatchObject({
      node: 'node-2',
      labels: { app: 'otel' },
    });
    // It no longer matches the selector: for the watch that is a deletion.
    await cluster.pods.label(namespace, 'c-0', { app: null });
    await expect.poll(() => collectors.names, soon).toEqual(['c-1']);
    await cluster.pods.delete(namespace, 'c-1');
    await expect.poll(() => collectors.names, soon).toEqual([]);
  });
});
