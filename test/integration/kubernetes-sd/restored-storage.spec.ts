import { cp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { type Allocator } from '../../fixtures/allocator.js';
import { isClusterAvailable } from '../../fixtures/cluster/cluster.js';
import { FaultProxy } from '../../fixtures/fault-proxy.js';
import { podSpec } from './cluster-objects.js';
import { DiscoveryBench } from './discovery-bench.js';
import { podAndSliceJobs, startAllocator, testTimeoutMs } from './discovery-setup.js';

const namespace = 'restored';
const recoveredWithinMs = 30_000;
/** What is written between the copy of the storage and its restore. */
const lostWrites = 200;

// Fault row 8.
describe.skipIf(!isClusterAvailable)(
  'targets after the storage of the API server was restored to an older state',
  { timeout: testTimeoutMs },
  () => {
    let bench: DiscoveryBench;
    let proxy: FaultProxy;
    let allocator: Allocator | undefined;

    beforeAll(async () => {
      bench = await DiscoveryBench.start(namespace);
      proxy = await FaultProxy.start(bench.cluster.port);
    });
    afterEach(async () => {
      await bench.stopWitness();
      await allocator?.stop();
    });
    afterAll(async () => {
      await proxy.close();
      await bench.stop();
    });

    async function watchedAllocator(settings: object = {}): Promise<Allocator> {
      const kubeConfig = await bench.cluster.kubeConfig({ port: proxy.port });
      const started = await startAllocator(kubeConfig, podAndSliceJobs(namespace), [], settings);
      allocator = started;
      await started.waitUntilReady();
      await bench.witness(started);
      return started;
    }
    const restoresFoundBy = (found: Allocator): Promise<number> =>
      found.metric('opentelemetry_allocator_kubernetes_storage_restores_total');
    const storage = (): string => join(bench.cluster.folder, 'etcd');
    const copy = (): string => join(bench.cluster.folder, 'etcd-copy');
    /** What the storage becomes while neither it nor the API server runs. */
    async function replaceStorage(replace: () => Promise<void>): Promise<void> {
      const { cluster } = bench;
      await cluster.killApiserver();
      await cluster.killEtcd();
      await replace();
      cluster.startEtcd();
      await cluster.startApiserver();
    }
    const copyStorage = (): Promise<void> =>
      replaceStorage(() => cp(storage(), copy(), { recursive: true }));
    const restoreStorage = (): Promise<void> =>
      replaceStorage(async () => {
        await rm(storage(), { recursive: true });
        await cp(copy(), storage(), { recursive: true });
      });

    it('are those of the older state, and follow what comes then', async () => {
      const { objects } = bench;
      const own = await watchedAllocator();
      await copyStorage();
      await bench.changeEverything();
      for (let rev = 1; rev <= lostWrites; rev += 1) await objects.revisePod('kept-5', rev);
      await bench.expectFresh(own);
      // An outage alone is no restore.
      expect(await restoresFoundBy(own)).toBe(0);
      await restoreStorage();
      await bench.expectFresh(own, recoveredWithinMs);
      expect(await restoresFoundBy(own)).toBe(1);
      await objects.revisePod('kept-6', 1);
      await objects.labelNode('node-1', 'after');
      await bench.expectFresh(own);
      await bench.expectUnharmed(own);
    });

    // No version tells then that others are missing.
    it('are put right by the consistency check when more was written since than was lost', async () => {
      const { objects } = bench;
      const own = await watchedAllocator({ kubernetes: { consistency_check_interval: '5s' } });
      await copyStorage();
      const lost = podSpec(1, 'lost');
      await objects.createPod(lost);
      await objects.createSlice('lost', [lost]);
      await bench.expectFresh(own);
      proxy.set({ refuse: true });
      await restoreStorage();
      for (let rev = 1; rev <= lostWrites; rev += 1) await objects.revisePod('kept-7', rev);
      proxy.set({});
      await bench.expectFresh(own, recoveredWithinMs);
      expect(await restoresFoundBy(own)).toBe(0);
      await bench.expectUnharmed(own);
    });
  },
);
