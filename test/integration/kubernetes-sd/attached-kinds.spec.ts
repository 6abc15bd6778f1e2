import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { Allocator } from '../../fixtures/allocator.js';
import { Cluster, isClusterAvailable } from '../../fixtures/cluster/cluster.js';
import { ClusterObjects } from './cluster-objects.js';
import { ClusterRights } from './cluster-rights.js';
import { podAndSliceJobs, startAllocator } from './discovery-setup.js';
import { FreshList } from './fresh-list.js';
import { ServedJobs } from './served-jobs.js';

const namespace = 'attached';
const settled = { timeout: 60_000, interval: 200 };

// Fault row 13, for kinds that only labels come from.
describe.skipIf(!isClusterAvailable)('labels of kinds that may not be read', () => {
  let cluster: Cluster;
  let rights: ClusterRights;
  let fresh: FreshList;
  let kubeConfig: string;
  let allocator: Allocator | undefined;

  beforeAll(async () => {
    cluster = await Cluster.start();
    fresh = new FreshList(cluster, namespace);
    rights = new ClusterRights(cluster);
    await new ClusterObjects(cluster, namespace).create(40);
    for (const kind of ['pods', 'endpointslices']) await rights.grant(kind);
    kubeConfig = await cluster.kubeConfig({ port: cluster.port, token: cluster.userToken });
  });
  afterEach(async () => {
    await allocator?.stop();
  });
  afterAll(async () => {
    await cluster.stop();
  });

  it('are left out, named once, and come with the right', async () => {
    allocator = await startAllocator(kubeConfig, podAndSliceJobs(namespace));
    const { program } = allocator;
    const complaints = (kind: string): number =>
      program.output.split(`needed: verbs list and watch on ${kind} in all`).length - 1;
    await allocator.waitUntilReady();
    const served = new ServedJobs(allocator);
    // Targets without their nodes' labels, and slices without their services' either: all of them are there.
    for (const job of ['pods', 'slices']) {
      const owners = await served.ownersOf(job);
      expect(owners.size).toBe(40);
    }
    expect(complaints('nodes')).toBe(1);
    const { text } = await allocator.get('/readyz?verbose');
    expect(text).toMatch(/nodes in all namespaces stale .*needed: verbs list and watch on nodes/);
    for (const kind of ['nodes', 'services']) await rights.grant(kind);
    await expect.poll(() => served.linesOf('pods'), settled).toEqual(await fresh.ofPods());
    await expect.poll(() => served.linesOf('slices'), settled).toEqual(await fresh.ofSlices());
    expect(complaints('nodes')).toBe(1);
  });
});
