import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { Allocator } from '../../fixtures/allocator.js';
import { ApiProxy } from '../../fixtures/api-proxy.js';
import { isClusterAvailable } from '../../fixtures/cluster/cluster.js';
import { FaultProxy } from '../../fixtures/fault-proxy.js';
import { isLongRun } from '../../fixtures/long-run.js';
import { DiscoveryBench } from './discovery-bench.js';
import { podAndSliceJobs, startAllocator, testTimeoutMs } from './discovery-setup.js';

const namespace = 'silence';
/** A ping every 30 s that is answered within 15 s, and the time to watch again. */
const noticedByPingMs = 60_000;
/** Bookmarks come once a minute; two of them missing is silence. */
const noticedBySilenceMs = 150_000;

// Fault row 4.
describe.skipIf(!isClusterAvailable)(
  'targets while nothing is heard of the API server',
  { timeout: testTimeoutMs },
  () => {
    let bench: DiscoveryBench;
    let allocator: Allocator;
    let close: () => Promise<void>;

    beforeAll(async () => {
      bench = await DiscoveryBench.start(namespace);
    });
    afterEach(async () => {
      await bench.stopWitness();
      await allocator.stop();
      await close();
    });
    afterAll(async () => {
      await bench.stop();
    });

    async function start(proxy: FaultProxy | ApiProxy): Promise<void> {
      close = () => proxy.close();
      const kubeConfig = await bench.cluster.kubeConfig({ port: proxy.port });
      allocator = await startAllocator(kubeConfig, podAndSliceJobs(namespace));
      await allocator.waitUntilReady();
      await bench.witness(allocator);
    }

    it('finds out that its connection leads nowhere, and makes another', async () => {
      const proxy = await FaultProxy.start(bench.cluster.port);
      await start(proxy);
      proxy.strand();
      await bench.changeEverything();
      await bench.expectFresh(allocator, noticedByPingMs);
      expect(proxy.accepted).toBe(2);
      await bench.expectUnharmed(allocator);
    });

    it.runIf(isLongRun)(
      'finds out that its watches are dead although the connection lives',
      async () => {
        const proxy = await ApiProxy.start(bench.cluster);
        await start(proxy);
        proxy.silenceWatches();
        await bench.changeEverything();
        await bench.expectFresh(allocator, noticedBySilenceMs);
        await bench.expectUnharmed(allocator);
      },
    );
  },
);
