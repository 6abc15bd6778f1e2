import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { Allocator } from '../../fixtures/allocator.js';
import { Cluster, isClusterAvailable } from '../../fixtures/cluster/cluster.js';
import { FaultProxy } from '../../fixtures/fault-proxy.js';
import { ClusterObjects } from './cluster-objects.js';
import {
  isLongRun,
  jobNames,
  podAndSliceJobs,
  startAllocator,
  testTimeoutMs,
} from './discovery-setup.js';
import { FreshList } from './fresh-list.js';
import { ServedJobs } from './served-jobs.js';

const namespace = 'start';
const slow = isLongRun ? { pieceBytes: 1_400, pauseMs: 600 } : { pieceBytes: 1_400, pauseMs: 60 };
const ready = { timeout: isLongRun ? 600_000 : 90_000, interval: 100 };

describe.skipIf(!isClusterAvailable)(
  'an allocator that starts before it can know its targets',
  { timeout: testTimeoutMs },
  () => {
    let cluster: Cluster;
    let proxy: FaultProxy;
    let fresh: FreshList;
    let kubeConfig: string;
    let allocator: Allocator | undefined;

    beforeAll(async () => {
      cluster = await Cluster.start();
      proxy = await FaultProxy.start(cluster.port);
      fresh = new FreshList(cluster, namespace);
      await new ClusterObjects(cluster, namespace).create(60);
      kubeConfig = await cluster.kubeConfig({ port: proxy.port });
    });
    afterEach(async () => {
      proxy.set({});
      await allocator?.stop();
    });
    afterAll(async () => {
      await proxy.close();
      await cluster.stop();
    });

    /** Watches the answers until it is ready, and tells those that a collector would take for a job without targets. */
    async function answersUntilReady(started: Allocator): Promise<readonly string[]> {
      const wrong: string[] = [];
      await expect
        .poll(async () => {
          const before = await started.get('/readyz').catch(() => undefined);
          if (before === undefined) return 0;
          for (const job of jobNames) {
            const { status, text } = await started.get(`/jobs/${job}/targets?collector_id=c-0`);
            // A job whose targets are known may be served before the others are.
            if (['', '[]', '{}'].includes(text)) wrong.push(`${job}: ${String(status)} ${text}`);
          }
          return before.status;
        }, ready)
        .toBe(200);
      return wrong;
    }
    async function expectFresh(started: Allocator): Promise<void> {
      const served = new ServedJobs(started);
      const [pods, slices] = [await fresh.ofPods(), await fresh.ofSlices()];
      await expect.poll(() => served.linesOf('pods'), ready).toEqual(pods);
      await expect.poll(() => served.linesOf('slices'), ready).toEqual(slices);
    }

    // Fault row 19.
    it('is not ready and says nothing false while the API server is down, and is ready soon after', async () => {
      await cluster.killApiserver();
      allocator = await startAllocator(kubeConfig, podAndSliceJobs(namespace));
      const watched = answersUntilReady(allocator);
      await sleep(isLongRun ? 50_000 : 6_000);
      expect((await allocator.get('/readyz')).status).toBe(503);
      await cluster.startApiserver();
      const upMs = performance.now();
      expect(await watched).toEqual([]);
      console.info(
        `ready ${((performance.now() - upMs) / 1000).toFixed(1)} s after the API server`,
      );
      await expectFresh(allocator);
    });

    it('says nothing false either when its start-up bound passes meanwhile', async () => {
      proxy.set({ refuse: true });
      allocator = await startAllocator(kubeConfig, podAndSliceJobs(namespace), [
        '--startup-timeout=1s',
      ]);
      await sleep(3_000);
      for (const job of jobNames) {
        const { status, text } = await allocator.get(`/jobs/${job}/targets?collector_id=c-0`);
        expect([status, text]).toEqual([503, expect.stringContaining('has not answered yet')]);
      }
      proxy.set({});
      const served = new ServedJobs(allocator);
      const pods = await fresh.ofPods();
      await expect.poll(() => served.linesOf('pods'), ready).toEqual(pods);
    });

    // Fault row 18.
    it('waits for a slow list and serves all of it', async () => {
      proxy.set(slow);
      const beginMs = performance.now();
      allocator = await startAllocator(kubeConfig, podAndSliceJobs(namespace));
      expect(await answersUntilReady(allocator)).toEqual([]);
      console.info(`ready after ${((performance.now() - beginMs) / 1000).toFixed(1)} s`);
      await expectFresh(allocator);
    });
  },
);
