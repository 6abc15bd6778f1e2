import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Allocator } from '../../fixtures/allocator.js';
import { Cluster, isClusterAvailable } from '../../fixtures/cluster/cluster.js';
import { eventually } from '../../fixtures/eventually.js';
import { FaultProxy } from '../../fixtures/fault-proxy.js';
import { AvailabilityWitness } from './availability-witness.js';
import { Churn } from './churn.js';
import { ClusterObjects, podSpec } from './cluster-objects.js';
import {
  isLongRun,
  jobNames,
  podAndSliceJobs,
  startAllocator,
  testTimeoutMs,
} from './discovery-setup.js';
import { FreshList } from './fresh-list.js';
import { ServedJobs } from './served-jobs.js';

const namespace = 'faults';
const podCount = 60;
const settled = { timeout: 60_000, interval: 200 };

/** One process lives through all of it, one fault after the other. */
describe.skipIf(!isClusterAvailable)(
  'targets while the API server fails',
  { timeout: testTimeoutMs },
  () => {
    let cluster: Cluster;
    let proxy: FaultProxy;
    let allocator: Allocator;
    let objects: ClusterObjects;
    let fresh: FreshList;
    let served: ServedJobs;
    let witness: AvailabilityWitness;
    let addresses: readonly string[];

    beforeAll(async () => {
      cluster = await Cluster.start();
      proxy = await FaultProxy.start(cluster.port);
      objects = new ClusterObjects(cluster, namespace);
      fresh = new FreshList(cluster, namespace);
      const pods = await objects.create(podCount);
      addresses = pods.map(({ ip }) => `${ip}:8080`);
      const kubeConfig = await cluster.kubeConfig({ port: proxy.port });
      allocator = await startAllocator(kubeConfig, podAndSliceJobs(namespace));
      served = new ServedJobs(allocator);
      await allocator.waitUntilReady();
      for (const job of jobNames) await eventually(`${job} is served`, () => served.ownersOf(job));
    });
    beforeEach(async () => {
      witness = await AvailabilityWitness.start(allocator, jobNames, addresses);
    });
    afterEach(async () => {
      proxy.set({});
      await witness.stop();
    });
    afterAll(async () => {
      await allocator.stop();
      await proxy.close();
      await cluster.stop();
    });

    async function expectFresh(): Promise<void> {
      const [pods, slices] = [await fresh.ofPods(), await fresh.ofSlices()];
      await expect.poll(() => served.linesOf('pods'), settled).toEqual(pods);
      await expect.poll(() => served.linesOf('slices'), settled).toEqual(slices);
    }
    async function expectUnharmed(): Promise<void> {
      await witness.stop();
      expect(witness.polls).toBeGreaterThan(0);
      expect(witness.violations).toEqual([]);
      expect(allocator.program.isRunning).toBe(true);
    }
    /** A change of each kind that targets are made of. */
    async function changeEverything(round: number): Promise<void> {
      const pod = podSpec(round, 'extra');
      await objects.createPod(pod);
      await objects.createSlice(`extra-${String(round)}`, [pod]);
      await objects.revisePod('kept-3', round);
      await objects.labelNode('node-0', `zone-${String(round)}`);
      if (round > 1) {
        const former = String(round - 1);
        await objects.deletePod(`extra-${former}`);
        await objects.deleteSlice(`extra-${former}`);
      }
    }

    it('serves what the API server has as soon as it is ready', async () => {
      expect(await served.linesOf('pods')).toEqual(await fresh.ofPods());
      expect(await served.linesOf('slices')).toEqual(await fresh.ofSlices());
      expect(await served.linesOf('slices')).toHaveLength(podCount);
    });

    // Fault row 1.
    it('serves the last good targets while the API server is dead, and what changed when it is back', async () => {
      await cluster.killApiserver();
      await sleep(isLongRun ? 120_000 : 5_000);
      proxy.set({ refuse: true });
      await cluster.startApiserver();
      await changeEverything(1);
      proxy.set({});
      await expectFresh();
      await expectUnharmed();
    });

    // Fault row 3. Whether a dead connection is found out is shown for collectors; here it thaws before or after that.
    it('serves on while the API server is frozen, and follows again when it thaws', async () => {
      cluster.freezeApiserver();
      try {
        await sleep(isLongRun ? 60_000 : 4_000);
      } finally {
        cluster.thawApiserver();
      }
      await changeEverything(2);
      await expectFresh();
      await expectUnharmed();
    });

    // Fault row 5.
    it('loses no change while connections are reset over and over', async () => {
      const churn = Churn.start(objects, { changesPerSecond: 20, seed: Date.now() % 100_000 });
      const endMs = performance.now() + (isLongRun ? 300_000 : 10_000);
      for (let n = 0; performance.now() < endMs; n += 1) {
        await sleep(100 + ((n * 577) % (isLongRun ? 4_900 : 900)));
        proxy.reset();
      }
      await churn.stop();
      console.info(`${String(churn.changes)} changes, seed ${String(churn.seed)}`);
      await expectFresh();
      await expectUnharmed();
    });

    // Fault row 6: the versions that the watches would go on from are gone, of all kinds at once.
    it('lists again after a compaction without an empty moment', async () => {
      proxy.set({ refuse: true });
      proxy.reset();
      await changeEverything(3);
      for (let rev = 10; rev < 110; rev += 1) await objects.revisePod('kept-4', rev);
      await cluster.compactEtcd();
      await cluster.killApiserver();
      await cluster.startApiserver();
      proxy.set({});
      await expectFresh();
      await expectUnharmed();
      expect(await expiredKinds(allocator)).toContain('pods');
    });
  },
);

/** The kinds of which a version was gone. */
async function expiredKinds(allocator: Allocator): Promise<readonly string[]> {
  const { text } = await allocator.get('/metrics');
  return text
    .split('\n')
    .filter((line) => line.includes('informer_errors_total{') && line.includes('kind="expired"'))
    .map((line) => /resource="([^"]*)"/.exec(line)?.[1] ?? line);
}
