import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { Cluster, isClusterAvailable } from '../../fixtures/cluster/cluster.js';
import type { PodState } from '../../fixtures/cluster/pods.js';
import { WatchedCollectors, type WatchedCollectorsOptions } from './watched-collectors.js';

const otel = { labels: { app: 'otel' } };
const soon = { timeout: 10_000, interval: 50 };
const minuteMs = 60_000;
const long = { ...otel, sinceMs: 60 * minuteMs };

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
  function watch(
    options: Omit<WatchedCollectorsOptions, 'kubeConfig'> & { readonly kubeConfig?: string },
  ): WatchedCollectors {
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

  it('sees only pods of its namespace and of its selector', async () => {
    const namespace = await newNamespace();
    const elsewhere = await newNamespace();
    await cluster.pods.create(elsewhere, 'elsewhere', { labels: { app: 'otel', tier: 'gold' } });
    for (const tier of ['gold', 'silver', 'bronze']) {
      await cluster.pods.create(namespace, tier, { labels: { app: 'otel', tier } });
    }
    const labelSelector = 'app=otel,tier in (gold,silver)';
    const collectors = watch({ namespace, labelSelector });
    await expect.poll(() => collectors.names, soon).toEqual(['gold', 'silver']);
  });

  // Fault row 21: the states that a pod can be in, with a grace period of ten minutes.
  const states: readonly (readonly [string, PodState, boolean])[] = [
    ['running-ready', { ...long }, true],
    ['unscheduled', { ...otel, node: '', phase: 'Pending' }, false],
    ['pending-young', { ...otel, phase: 'Pending', ready: 'False', sinceMs: minuteMs }, true],
    ['pending-long', { ...long, phase: 'Pending', ready: 'False' }, false],
    ['unready-young', { ...otel, ready: 'False', sinceMs: 2 * minuteMs }, true],
    ['unready-long', { ...long, ready: 'False' }, false],
    ['crash-looping', { ...long, phase: 'Running', ready: 'False' }, false],
    ['succeeded-long', { ...long, phase: 'Succeeded', ready: 'False' }, false],
    ['evicted-long', { ...long, phase: 'Failed', ready: 'False' }, false],
    ['failed-young', { ...otel, phase: 'Failed', ready: 'False', sinceMs: minuteMs }, true],
    ['node-lost-long', { ...long, ready: 'Unknown' }, false],
    ['terminating', { ...long, finalizers: ['test/keep'] }, false],
  ];

  it('takes pods for collectors by their state, and terminating ones never', async () => {
    const namespace = await newNamespace();
    for (const [name, state] of states) await cluster.pods.create(namespace, name, state);
    // The finalizer keeps it in the list, as a long termination grace period would.
    await cluster.pods.delete(namespace, 'terminating');
    const collectors = watch({ namespace, notReadyGracePeriodMs: 10 * minuteMs });
    const expected = states.filter(([, , counts]) => counts).map(([name]) => name);
    await expect.poll(() => collectors.names, soon).toEqual(expected.toSorted());
    await cluster.pods.release(namespace, 'terminating');
  });

  it('drops a collector as soon as it begins to terminate', async () => {
    const namespace = await newNamespace();
    await cluster.pods.create(namespace, 'leaving', { ...otel, finalizers: ['test/keep'] });
    await cluster.pods.create(namespace, 'staying', otel);
    const collectors = watch({ namespace });
    await expect.poll(() => collectors.names, soon).toEqual(['leaving', 'staying']);
    await cluster.pods.delete(namespace, 'leaving');
    await expect.poll(() => collectors.names, soon).toEqual(['staying']);
    expect(await cluster.pods.names(namespace)).toEqual(['leaving', 'staying']);
    await cluster.pods.release(namespace, 'leaving');
  });

  it('drops an unready collector when its grace period ends, without any event', async () => {
    const namespace = await newNamespace();
    await cluster.pods.create(namespace, 'c-0', otel);
    const collectors = watch({ namespace, notReadyGracePeriodMs: 3_000 });
    await expect.poll(() => collectors.names, soon).toEqual(['c-0']);
    await cluster.pods.setStatus(namespace, 'c-0', { ready: 'False' });
    await expect.poll(() => collectors.names, soon).toEqual([]);
    await cluster.pods.setStatus(namespace, 'c-0', { ready: 'True' });
    await expect.poll(() => collectors.names, soon).toEqual(['c-0']);
  });

  // Fault row 22: a StatefulSet's pod comes back under its name.
  it('keeps a collector’s name when its pod is made anew', async () => {
    const namespace = await newNamespace();
    await cluster.pods.create(namespace, 'c-0', otel);
    await cluster.pods.create(namespace, 'c-1', otel);
    const collectors = watch({ namespace });
    await expect.poll(() => collectors.names, soon).toEqual(['c-0', 'c-1']);
    await cluster.pods.delete(namespace, 'c-0');
    await cluster.pods.create(namespace, 'c-0', { ...otel, node: 'node-9' });
    await expect
      .poll(() => collectors.collectors.find(({ name }) => name === 'c-0')?.node, soon)
      .toBe('node-9');
    expect(collectors.names).toEqual(['c-0', 'c-1']);
  });

  // Fault row 23: a surge puts two collectors on one node; which of them serves it is the strategy's choice.
  it('tells both collectors of a node, in whatever order they were made', async () => {
    const [first, second] = [await newNamespace(), await newNamespace()];
    for (const name of ['c-a', 'c-b']) await cluster.pods.create(first, name, otel);
    for (const name of ['c-b', 'c-a']) await cluster.pods.create(second, name, otel);
    const inOrder = watch({ namespace: first });
    await expect.poll(() => inOrder.names, soon).toEqual(['c-a', 'c-b']);
    const seen = inOrder.collectors.map(({ name, node }) => [name, node]).toSorted();
    await inOrder.stop();
    const reversed = watch({ namespace: second });
    await expect.poll(() => reversed.names, soon).toEqual(['c-a', 'c-b']);
    expect(reversed.collectors.map(({ name, node }) => [name, node]).toSorted()).toEqual(seen);
  });

  // Fault row 24.
  it('says that there are none when all vanish, and all again when they come back', async () => {
    const namespace = await newNamespace();
    const names = ['c-0', 'c-1', 'c-2', 'c-3'];
    for (const name of names) await cluster.pods.create(namespace, name, otel);
    const collectors = watch({ namespace });
    await expect.poll(() => collectors.names, soon).toEqual(names);
    await cluster.pods.deleteAll(namespace);
    await expect.poll(() => collectors.names, soon).toEqual([]);
    for (const name of names) await cluster.pods.create(namespace, name, otel);
    await expect.poll(() => collectors.names, soon).toEqual(names);
  });

  it('names the right that is missing, keeps asking, and works when it is given', async () => {
    const namespace = await newNamespace();
    await cluster.pods.create(namespace, 'c-0', otel);
    const collectors = watch({
      namespace,
      kubeConfig: await cluster.kubeConfig({ token: cluster.userToken }),
    });
    await expect.poll(() => collectors.status.failureStatus, soon).toBe(403);
    expect(collectors.status.failure).toContain(
      `needed: verbs list and watch on pods in namespace ${namespace}`,
    );
    expect(collectors.history).toEqual([]);
    await cluster.bindPodReader(namespace);
    await expect.poll(() => collectors.names, { ...soon, timeout: 20_000 }).toEqual(['c-0']);
    expect(collectors.log.filter((line) => line.includes('needed: verbs'))).toHaveLength(1);
  });

  it('uses a rotated token from its file without losing a collector', async () => {
    const namespace = await newNamespace();
    await cluster.pods.create(namespace, 'c-0', otel);
    const tokenFile = await cluster.writeFile('token', `${cluster.adminToken}\n`);
    const collectors = watch({ namespace, kubeConfig: await cluster.kubeConfig({ tokenFile }) });
    await expect.poll(() => collectors.names, soon).toEqual(['c-0']);
    // Only the new token is valid after the restart; the file is written late, so that a 401 comes first.
    await cluster.killApiserver();
    await cluster.writeTokens({ 'second-token': 'admin', [cluster.userToken]: 'user' });
    cluster.adminToken = 'second-token';
    await cluster.startApiserver();
    await cluster.pods.create(namespace, 'c-1', otel);
    await expect.poll(() => collectors.status.failureStatus, soon).toBe(401);
    await cluster.writeFile('token', 'second-token\n');
    await expect.poll(() => collectors.names, soon).toEqual(['c-0', 'c-1']);
    expect(collectors.history).not.toContainEqual([]);
  });
});
