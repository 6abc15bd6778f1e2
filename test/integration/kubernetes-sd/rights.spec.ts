import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { Allocator } from '../../fixtures/allocator.js';
import { Cluster, isClusterAvailable } from '../../fixtures/cluster/cluster.js';
import { FaultProxy } from '../../fixtures/fault-proxy.js';
import { AvailabilityWitness } from './availability-witness.js';
import { ClusterObjects, podSpec } from './cluster-objects.js';
import { ClusterRights } from './cluster-rights.js';
import { startAllocator, type Job } from './discovery-setup.js';
import { FreshList } from './fresh-list.js';
import { InformerCounts } from './informer-counts.js';
import { ServedJobs } from './served-jobs.js';

const namespace = 'rights';
const settled = { timeout: 60_000, interval: 200 };
const kinds = ['pods', 'nodes', 'services', 'endpointslices'] as const;

function jobs(): readonly Job[] {
  const namespaces = { names: [namespace] };
  const pods = { role: 'pod', namespaces, attach_metadata: { node: true } };
  return [
    { job_name: 'pods', kubernetes_sd_configs: [pods] },
    { job_name: 'nodes', kubernetes_sd_configs: [{ role: 'node' }] },
  ];
}

// Fault row 13.
describe.skipIf(!isClusterAvailable)('targets of kinds that may not be read', () => {
  let cluster: Cluster;
  let proxy: FaultProxy;
  let objects: ClusterObjects;
  let rights: ClusterRights;
  let fresh: FreshList;
  let kubeConfig: string;
  let allocator: Allocator | undefined;
  let witness: AvailabilityWitness | undefined;

  beforeAll(async () => {
    cluster = await Cluster.start();
    proxy = await FaultProxy.start(cluster.port);
    objects = new ClusterObjects(cluster, namespace);
    fresh = new FreshList(cluster, namespace);
    rights = new ClusterRights(cluster);
    await objects.create(40);
    for (const kind of kinds) await rights.grant(kind);
    kubeConfig = await cluster.kubeConfig({ port: proxy.port, token: cluster.userToken });
  });
  afterEach(async () => {
    await witness?.stop();
    await allocator?.stop();
  });
  afterAll(async () => {
    await proxy.close();
    await cluster.stop();
  });

  async function expectPods(started: Allocator, expected: readonly string[]): Promise<void> {
    const served = new ServedJobs(started);
    await expect.poll(() => served.linesOf('pods'), settled).toEqual(expected);
  }
  async function zonesOf(started: Allocator): Promise<readonly string[]> {
    const found = new Set<string>();
    for (const collector of ['c-0', 'c-1', 'c-2']) {
      const { text } = await started.get(`/jobs/nodes/targets?collector_id=${collector}`);
      for (const [, zone = ''] of text.matchAll(/"__meta_kubernetes_node_label_zone":"([^"]*)"/g)) {
        found.add(zone);
      }
    }
    return [...found].toSorted();
  }
  const complaints = (started: Allocator, kind: string): number =>
    started.program.output.split(`needed: verbs list and watch on ${kind}`).length - 1;

  it('keeps the last targets of a kind that is withdrawn, follows the others, and heals by itself', async () => {
    allocator = await startAllocator(kubeConfig, jobs());
    await allocator.waitUntilReady();
    const before = await fresh.ofPods();
    await expectPods(allocator, before);
    const addresses = Array.from({ length: 40 }, (_, n) => `${podSpec(n).ip}:8080`);
    witness = await AvailabilityWitness.start(allocator, ['pods'], addresses);
    await rights.revoke('pods');
    // A watch that is open stays open: the right is asked for with the next one.
    proxy.reset();
    await expect.poll(() => complaints(allocator!, 'pods'), settled).toBe(1);
    const refused = (await InformerCounts.of(allocator)).errors('403');
    expect([...refused.keys()]).toEqual(['pods']);
    await objects.revisePod('kept-0', 7);
    for (const node of ['node-0', 'node-1']) await objects.labelNode(node, `moved-${node}`);
    await expect.poll(() => zonesOf(allocator!), settled).toEqual(['moved-node-0', 'moved-node-1']);
    // What is known of the pods stays, what their nodes say goes on being followed.
    const moved = before.map((line) =>
      line.replace(
        'zone-0',
        Number(/kept-(\d+)/.exec(line)?.[1]) % 2 ? 'moved-node-1' : 'moved-node-0',
      ),
    );
    await expectPods(allocator, moved);
    await rights.grant('pods');
    await expectPods(allocator, await fresh.ofPods());
    await witness.stop();
    expect(witness.violations).toEqual([]);
    expect(complaints(allocator, 'pods')).toBe(1);
    expect(complaints(allocator, 'nodes')).toBe(0);
  });

  it('starts without a kind that may not be read, and takes it up when it may', async () => {
    await rights.revoke('pods');
    allocator = await startAllocator(kubeConfig, jobs(), ['--startup-timeout=2s']);
    await allocator.waitUntilReady();
    await expect.poll(() => zonesOf(allocator!), settled).toEqual(['moved-node-0', 'moved-node-1']);
    const refused = await allocator.get('/jobs/pods/targets?collector_id=c-0');
    expect([refused.status, refused.text]).not.toEqual([200, '[]']);
    expect(complaints(allocator, 'pods')).toBe(1);
    await rights.grant('pods');
    await expectPods(allocator, await fresh.ofPods());
    expect(complaints(allocator, 'pods')).toBe(1);
  });
});
