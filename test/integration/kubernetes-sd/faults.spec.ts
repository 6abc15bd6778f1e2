import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Allocator } from '../../fixtures/allocator.js';
import { isClusterAvailable } from '../../fixtures/cluster/cluster.js';
import { FaultProxy } from '../../fixtures/fault-proxy.js';
import { isLongRun } from '../../fixtures/long-run.js';
import { Churn } from './churn.js';
import { DiscoveryBench } from './discovery-bench.js';
import { podAndSliceJobs, startAllocator, testTimeoutMs } from './discovery-setup.js';
import { growth, InformerCounts } from './informer-counts.js';
import { freshSeed } from './random.js';
import { ServedJobs } from './served-jobs.js';

const namespace = 'faults';
/** A ping finds a dead connection within 45 s. */
const thawedWithinMs = 45_000;

/** One process lives through all of it, one fault after the other. */
describe.skipIf(!isClusterAvailable)(
  'targets while the API server fails',
  { timeout: testTimeoutMs },
  () => {
    let bench: DiscoveryBench;
    let proxy: FaultProxy;
    let allocator: Allocator;

    beforeAll(async () => {
      bench = await DiscoveryBench.start(namespace);
      const { cluster } = bench;
      proxy = await FaultProxy.start(cluster.port);
      const kubeConfig = await cluster.kubeConfig({ port: proxy.port });
      allocator = await startAllocator(kubeConfig, podAndSliceJobs(namespace));
      await allocator.waitUntilReady();
    });
    beforeEach(async () => {
      await bench.witness(allocator);
    });
    afterEach(async () => {
      proxy.set({});
      await bench.stopWitness();
    });
    afterAll(async () => {
      await allocator.stop();
      await proxy.close();
      await bench.stop();
    });

    async function expectRecovery(timeoutMs?: number): Promise<void> {
      await bench.expectFresh(allocator, timeoutMs);
      await bench.expectUnharmed(allocator);
    }
    async function relists(): Promise<ReadonlyMap<string, number>> {
      return (await InformerCounts.of(allocator)).byResource('relists_total');
    }

    it('serves what the API server has as soon as it is ready', async () => {
      const served = new ServedJobs(allocator);
      expect(await served.linesOf('pods')).toEqual(await bench.fresh.ofPods());
      expect(await served.linesOf('slices')).toEqual(await bench.fresh.ofSlices());
      expect(await served.linesOf('slices')).toHaveLength(bench.addresses.length);
    });

    // Fault row 1.
    it('serves the last good targets while the API server is dead, and what changed when it is back', async () => {
      const { cluster } = bench;
      await cluster.killApiserver();
      await sleep(isLongRun ? 600_000 : 5_000);
      proxy.set({ refuse: true });
      await cluster.startApiserver();
      await bench.changeEverything();
      proxy.set({});
      await expectRecovery();
    });

    // Fault row 3.
    it('serves on while the API server is frozen, and follows again when it thaws', async () => {
      const { cluster } = bench;
      cluster.freezeApiserver();
      try {
        await sleep(isLongRun ? 180_000 : 12_000);
      } finally {
        cluster.thawApiserver();
      }
      await bench.changeEverything();
      await expectRecovery(thawedWithinMs);
    });

    // Fault row 5.
    it('loses no change while connections are reset over and over', async () => {
      const before = await relists();
      const seed = freshSeed('resets');
      const churn = Churn.start(bench.objects, { changesPerSecond: 20, seed });
      const endMs = performance.now() + (isLongRun ? 300_000 : 10_000);
      for (let n = 0; performance.now() < endMs; n += 1) {
        await sleep(100 + ((n * 577) % (isLongRun ? 4_900 : 900)));
        proxy.reset();
      }
      await churn.stop();
      console.info(`${String(churn.changes)} changes`);
      await expectRecovery();
      // It resumed where it stood: a list for each reset would hide lost events.
      if (!isLongRun) expect(await relists()).toEqual(before);
    });

    // Fault row 6: the versions that the watches would go on from are gone, of all kinds at once.
    it('lists again after a compaction without an empty moment', async () => {
      const { cluster, objects } = bench;
      const before = await relists();
      proxy.set({ refuse: true });
      proxy.reset();
      await bench.changeEverything();
      for (let rev = 10; rev < (isLongRun ? 510 : 110); rev += 1) {
        await objects.revisePod('kept-4', rev);
      }
      await cluster.compactEtcd();
      await cluster.killApiserver();
      await cluster.startApiserver();
      proxy.set({});
      await expectRecovery();
      const expired = (await InformerCounts.of(allocator)).errors('expired');
      expect([...expired.keys()]).toContain('pods');
      const more = Object.entries(growth(before, await relists()));
      expect(more.filter(([, count]) => count > 1)).toEqual([]);
    });
  },
);
