import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { Cluster, isClusterAvailable } from '../../fixtures/cluster/cluster.js';
import { FaultProxy } from '../../fixtures/fault-proxy.js';
import { WatchedCollectors, type WatchedCollectorsOptions } from './watched-collectors.js';

const otel = { labels: { app: 'otel' } };
const soon = { timeout: 10_000, interval: 50 };
/** Long enough for a few attempts after the first ones failed. */
const eventually = { timeout: 30_000, interval: 50 };
/** Dead connections are found out within a second instead of 45. */
const quickPing = { ping: { intervalMs: 500, timeoutMs: 500 }, connectTimeoutMs: 1_000 };

describe.skipIf(!isClusterAvailable)('collectors while the API server fails', () => {
  let cluster: Cluster;
  let proxy: FaultProxy;
  let namespace: string;
  let watched: WatchedCollectors | undefined;
  let namespaces = 0;

  beforeAll(async () => {
    cluster = await Cluster.start();
    proxy = await FaultProxy.start(cluster.port);
  });
  afterEach(async () => {
    await watched?.stop();
    proxy.set({});
  });
  afterAll(async () => {
    await proxy.close();
    await cluster.stop();
  });

  async function watch(
    options: Partial<WatchedCollectorsOptions> = {},
  ): Promise<WatchedCollectors> {
    const kubeConfig = await cluster.kubeConfig({ port: proxy.port });
    watched = new WatchedCollectors({ kubeConfig, namespace, ...options });
    return watched;
  }
  async function createPods(...names: readonly string[]): Promise<void> {
    for (const name of names) await cluster.pods.create(namespace, name, otel);
  }
  async function freshNamespace(): Promise<void> {
    namespace = `faults-${String(namespaces++)}`;
    await cluster.createNamespace(namespace);
  }

  // Fault row 1.
  it('keeps its collectors while the API server is dead, and sees afterwards what happened meanwhile', async () => {
    await freshNamespace();
    await createPods('c-0', 'c-1');
    const collectors = await watch();
    await expect.poll(() => collectors.names, soon).toEqual(['c-0', 'c-1']);
    await cluster.killApiserver();
    await expect.poll(() => collectors.status.failure, soon).toContain('TA_KUBE_CONNECTION');
    expect(collectors.names).toEqual(['c-0', 'c-1']);
    // The proxy keeps the allocator away until the pods have changed.
    proxy.set({ refuse: true });
    await cluster.startApiserver();
    await cluster.pods.delete(namespace, 'c-0');
    await createPods('c-2');
    proxy.set({});
    await expect.poll(() => collectors.names, eventually).toEqual(['c-1', 'c-2']);
    expect(collectors.history).not.toContainEqual([]);
    expect(collectors.status.failure).toBeUndefined();
  });

  // Fault row 2.
  it('keeps its collectors while only the storage is dead', async () => {
    await freshNamespace();
    await createPods('c-0');
    const collectors = await watch();
    await expect.poll(() => collectors.names, soon).toEqual(['c-0']);
    await cluster.killEtcd();
    proxy.cut();
    await sleep(2_000);
    cluster.startEtcd();
    await cluster.startApiserver();
    await createPods('c-1');
    await expect.poll(() => collectors.names, eventually).toEqual(['c-0', 'c-1']);
    expect(collectors.history).not.toContainEqual([]);
  });

  // Fault row 3: the connections stay open and nothing comes.
  it('finds out that the API server is frozen, and goes on when it thaws', async () => {
    await freshNamespace();
    await createPods('c-0');
    const collectors = await watch(quickPing);
    await expect.poll(() => collectors.names, soon).toEqual(['c-0']);
    cluster.freezeApiserver();
    try {
      await expect.poll(() => collectors.status.failure, soon).toContain('no TLS connection');
      expect(collectors.names).toEqual(['c-0']);
    } finally {
      cluster.thawApiserver();
    }
    await createPods('c-1');
    await expect.poll(() => collectors.names, eventually).toEqual(['c-0', 'c-1']);
    expect(collectors.history).not.toContainEqual([]);
  });

  // Fault row 4: a cut that neither side is told of.
  it('finds out that its connection leads nowhere', async () => {
    await freshNamespace();
    await createPods('c-0');
    const collectors = await watch(quickPing);
    await expect.poll(() => collectors.names, soon).toEqual(['c-0']);
    proxy.set({ blackhole: true });
    await createPods('c-1');
    await expect.poll(() => collectors.status.failure, soon).toContain('no TLS connection');
    proxy.set({});
    await expect.poll(() => collectors.names, eventually).toEqual(['c-0', 'c-1']);
  });

  // Fault row 5, short.
  it('loses no change although its connection is reset over and over', async () => {
    await freshNamespace();
    await createPods('kept');
    const collectors = await watch();
    await expect.poll(() => collectors.names, soon).toEqual(['kept']);
    const over = new AbortController();
    const resets = (async () => {
      for (let i = 0; !over.signal.aborted; i += 1) {
        await sleep(100 + ((i * 577) % 1_900));
        proxy.reset();
      }
    })();
    for (let i = 0; i < 60; i += 1) {
      const name = `c-${String(i % 20)}`;
      if (i < 20 || i >= 40) await createPods(name);
      else await cluster.pods.delete(namespace, name);
      if (i >= 50) await cluster.pods.delete(namespace, name);
      await sleep(50);
    }
    // A quick machine makes the changes before the back-off has let a second connection come up.
    await expect.poll(() => collectors.status.reconnects, eventually).toBeGreaterThan(1);
    over.abort();
    await resets;
    const expected = await cluster.pods.names(namespace);
    expect(expected).toHaveLength(11);
    await expect.poll(() => collectors.names, eventually).toEqual(expected);
    expect(collectors.history).not.toContainEqual([]);
    // It resumed where it stood: a relist for each reset would hide lost events.
    expect(collectors.status.relists).toBe(0);
  });

  // Fault row 6.
  it('lists again when its resource version is gone, without an empty moment', async () => {
    await freshNamespace();
    await createPods('c-0', 'c-1', 'c-2');
    const collectors = await watch();
    await expect.poll(() => collectors.names, soon).toEqual(['c-0', 'c-1', 'c-2']);
    proxy.set({ refuse: true });
    proxy.reset();
    await cluster.pods.delete(namespace, 'c-1');
    await createPods('c-3');
    for (let i = 0; i < 100; i += 1) {
      await cluster.pods.label(namespace, 'c-0', { round: String(i) });
    }
    await cluster.compactEtcd();
    // The API server's own cache would hide the compaction.
    await cluster.killApiserver();
    await cluster.startApiserver();
    proxy.set({});
    await expect.poll(() => collectors.names, eventually).toEqual(['c-0', 'c-2', 'c-3']);
    expect(collectors.history).not.toContainEqual([]);
    expect(collectors.status.relists).toBe(1);
    expect(collectors.status.errors.get('expired')).toBe(1);
  });

  // Fault row 10 from outside; how a line is put together is in the specs of the line splitter.
  it('reads a stream whose packets are single bytes', async () => {
    await freshNamespace();
    await createPods('c-0');
    proxy.set({ pieceBytes: 1 });
    const collectors = await watch();
    await expect.poll(() => collectors.names, eventually).toEqual(['c-0']);
    await cluster.pods.create(namespace, 'c-u-no', {
      ...otel,
      annotations: { text: 'ümläut 漢字 😀' },
    });
    await expect.poll(() => collectors.names, eventually).toEqual(['c-0', 'c-u-no']);
    const annotated = collectors.collectors.find(({ name }) => name === 'c-u-no');
    expect(annotated?.annotations?.['text']).toBe('ümläut 漢字 😀');
  });

  // Fault row 19.
  it('waits for an API server that is down when it starts', async () => {
    await freshNamespace();
    await createPods('c-0');
    await cluster.killApiserver();
    const collectors = await watch();
    await expect.poll(() => collectors.status.failure, soon).toContain('TA_KUBE_CONNECTION');
    await cluster.startApiserver();
    await expect.poll(() => collectors.names, eventually).toEqual(['c-0']);
    expect(collectors.history).not.toContainEqual([]);
  });

  it('uses one connection for everything, and none after the end', async () => {
    await freshNamespace();
    await createPods('c-0');
    const before = proxy.accepted;
    const collectors = await watch();
    await expect.poll(() => collectors.names, soon).toEqual(['c-0']);
    expect(proxy.accepted - before).toBe(1);
    await collectors.stop();
    await expect.poll(() => proxy.connections, soon).toBe(0);
  });
});
