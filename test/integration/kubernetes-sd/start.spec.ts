import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { Allocator } from '../../fixtures/allocator.js';
import { Cluster, isClusterAvailable } from '../../fixtures/cluster/cluster.js';
import { eventually } from '../../fixtures/eventually.js';
import { FaultProxy } from '../../fixtures/fault-proxy.js';
import { isLongRun } from '../../fixtures/long-run.js';
import { ClusterObjects } from './cluster-objects.js';
import { jobNames, podAndSliceJobs, startAllocator, testTimeoutMs } from './discovery-setup.js';
import { FreshList } from './fresh-list.js';
import { ServedJobs } from './served-jobs.js';

const namespace = 'start';
const slow = isLongRun ? { pieceBytes: 1_400, pauseMs: 600 } : { pieceBytes: 1_400, pauseMs: 60 };
const ready = { timeoutMs: isLongRun ? 600_000 : 90_000 };
const settled = { timeout: 60_000, interval: 200 };

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

    /** Answers that a collector would take for no jobs, or for a job without targets. */
    async function falseAnswers(started: Allocator): Promise<readonly string[]> {
      const wrong: string[] = [];
      const paths = jobNames.map((job) => `/jobs/${job}/targets?collector_id=c-0`);
      for (const path of ['/scrape_configs', ...paths]) {
        const { status, text } = await started.get(path);
        // A job whose targets are known may be served before the others are.
        if (['', '[]', '{}'].includes(text.trim()))
          wrong.push(`${path}: ${String(status)} ${text}`);
      }
      return wrong;
    }
    async function readiness(started: Allocator): Promise<string> {
      const { status, text } = await started.get('/readyz');
      return `${String(status)} ${text}`;
    }
    /** Watches the answers until it is ready, and tells those that are false. */
    async function answersUntilReady(started: Allocator): Promise<readonly string[]> {
      const wrong: string[] = [];
      await eventually(
        'it is ready',
        async () => {
          const before = await readiness(started);
          wrong.push(...(await falseAnswers(started)));
          if (before.startsWith('200')) return true;
          throw new Error(before);
        },
        ready,
      );
      return wrong;
    }
    /** Sees that it stays unready for so long, counted from its first answer, and says nothing false. */
    async function expectUnready(started: Allocator, forMs: number): Promise<void> {
      await eventually('it answers', () => readiness(started));
      const endMs = performance.now() + forMs;
      while (performance.now() < endMs) {
        expect(await readiness(started)).toMatch(/^503 ./);
        expect(await falseAnswers(started)).toEqual([]);
        await sleep(200);
      }
    }
    async function expectFresh(started: Allocator): Promise<void> {
      const served = new ServedJobs(started);
      const [pods, slices] = [await fresh.ofPods(), await fresh.ofSlices()];
      await expect.poll(() => served.linesOf('pods'), settled).toEqual(pods);
      await expect.poll(() => served.linesOf('slices'), settled).toEqual(slices);
    }

    // Fault row 19.
    it('is not ready and says nothing false while the API server is down, and is ready soon after', async () => {
      await cluster.killApiserver();
      allocator = await startAllocator(kubeConfig, podAndSliceJobs(namespace));
      await expectUnready(allocator, isLongRun ? 300_000 : 5_000);
      await cluster.startApiserver();
      const upMs = performance.now();
      expect(await answersUntilReady(allocator)).toEqual([]);
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
      await expectUnready(allocator, 3_000);
      for (const job of jobNames) {
        const { status, text } = await allocator.get(`/jobs/${job}/targets?collector_id=c-0`);
        expect([status, text]).toEqual([503, expect.stringContaining('has not answered yet')]);
      }
      proxy.set({});
      const served = new ServedJobs(allocator);
      const pods = await fresh.ofPods();
      await expect.poll(() => served.linesOf('pods'), settled).toEqual(pods);
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
