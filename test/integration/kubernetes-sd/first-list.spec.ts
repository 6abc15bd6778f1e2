import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { Allocator } from '../../fixtures/allocator.js';
import { ApiProxy } from '../../fixtures/api-proxy.js';
import { isClusterAvailable } from '../../fixtures/cluster/cluster.js';
import { errorEvent, status } from '../../fixtures/scripted-api-server.js';
import { isLongRun } from '../../fixtures/long-run.js';
import { DiscoveryBench } from './discovery-bench.js';
import { jobNames, podAndSliceJobs, startAllocator, testTimeoutMs } from './discovery-setup.js';
import { InformerCounts } from './informer-counts.js';

const namespace = 'first-list';
const resourceNames = ['endpointslices.discovery.k8s.io', 'nodes', 'pods', 'services'] as const;
/** What a server without the feature answers. */
const noWatchList = {
  answer: {
    status: 422,
    body: status(422, 'Invalid', 'sendInitialEvents: Forbidden: sendInitialEvents is forbidden'),
  },
};
const soon = { timeout: 20_000 };
/** All targets are served when that is over. */
const syncedWithinMs = 30_000;

describe.skipIf(!isClusterAvailable)(
  'an allocator whose first lists are disturbed',
  { timeout: testTimeoutMs },
  () => {
    let bench: DiscoveryBench;
    let proxy: ApiProxy;
    let kubeConfig: string;
    let allocator: Allocator | undefined;

    beforeAll(async () => {
      bench = await DiscoveryBench.start(namespace);
      proxy = await ApiProxy.start(bench.cluster);
      kubeConfig = await bench.cluster.kubeConfig({ port: proxy.port });
    });
    afterEach(async () => {
      proxy.set();
      await bench.stopWitness();
      await allocator?.stop();
    });
    afterAll(async () => {
      await proxy.close();
      await bench.stop();
    });

    /** What is wrong with the present answers: none may be empty, and a job is whole or refused. */
    async function wrongAnswers(started: Allocator): Promise<readonly string[]> {
      const wrong: string[] = [];
      for (const path of ['/scrape_configs', ...jobNames.map((job) => `/jobs/${job}/targets`)]) {
        const answer = await started.get(`${path}?collector_id=c-0`).catch(() => undefined);
        if (answer === undefined) continue;
        if (['', '[]', '{}'].includes(answer.text.trim())) {
          wrong.push(`${path}: ${String(answer.status)} ${answer.text}`);
        }
      }
      return wrong;
    }

    // Fault row 9.
    it('is ready in time although no bookmark and no end of the initial events ever comes', async () => {
      proxy.set(() => ({
        line: (line) => (line.startsWith('{"type":"BOOKMARK"') ? undefined : line),
      }));
      const sinceMs = performance.now();
      allocator = await startAllocator(kubeConfig, podAndSliceJobs(namespace));
      await allocator.waitUntilReady(syncedWithinMs);
      // It was not spared: the streaming list was tried, and given up.
      await expect
        .poll(() => proxy.callsSince(sinceMs, 'pods').map(({ verb }) => verb))
        .toEqual(['watch-list', 'list', 'watch']);
      await bench.witness(allocator);
      await bench.changeEverything();
      await bench.expectFresh(allocator);
      await bench.expectUnharmed(allocator);
    });

    // Fault row 7, second half: the snapshot that the pages come from is gone after the first of them.
    it('takes a whole list when the pages of one expire on the way', async () => {
      const pages: string[] = [];
      const expired = status(410, 'Expired', 'The provided continue parameter is too old');
      proxy.set(({ verb, resource, query }) => {
        if (verb === 'watch-list') return noWatchList;
        if (verb !== 'list' || resource !== 'pods') return undefined;
        const kind = query.has('continue') ? 'next' : query.has('limit') ? 'first' : 'whole';
        pages.push(kind);
        if (kind === 'next' && pages.length > 3) return { answer: { status: 410, body: expired } };
        return { query: { limit: '20' } };
      });
      allocator = await startAllocator(kubeConfig, podAndSliceJobs(namespace));
      await allocator.waitUntilReady();
      await bench.witness(allocator);
      pages.length = 0;
      proxy.endWatches(errorEvent(410, 'Expired'));
      await bench.changeEverything();
      await bench.expectFresh(allocator);
      await bench.expectUnharmed(allocator);
      console.info(`pages: ${pages.join(' ')}`);
      const relists = (await InformerCounts.of(allocator)).byResource('relists_total');
      expect(relists.get('pods')).toBe(1);
    });

    // Fault row 18: slower than the start-up bound (and, in the long form, than the 60 s of the issue).
    it('is not ready before a list that is slower than its start-up bound, and skips no kind', async () => {
      const delayMs = isLongRun ? 65_000 : 6_000;
      // One kind is slower still: it may be late, and must not be skipped.
      proxy.set(({ verb, resource }) =>
        verb === 'watch' || verb === 'other'
          ? undefined
          : { delayMs: resource === 'endpointslices' ? delayMs + 2_000 : delayMs },
      );
      const beginMs = performance.now();
      allocator = await startAllocator(kubeConfig, podAndSliceJobs(namespace), [
        '--startup-timeout=1s',
      ]);
      const wrong: string[] = [];
      let refusals = 0;
      await expect
        .poll(
          async () => {
            const ready = await allocator?.get('/readyz').catch(() => undefined);
            if (allocator !== undefined) wrong.push(...(await wrongAnswers(allocator)));
            if (ready?.status === 503) refusals += 1;
            return ready?.status;
          },
          { timeout: delayMs * 3 + 30_000, interval: 100 },
        )
        .toBe(200);
      expect(performance.now() - beginMs).toBeGreaterThan(delayMs);
      expect(refusals).toBeGreaterThan(0);
      expect(wrong).toEqual([]);
      await bench.expectFresh(allocator);
    });

    // Fault row 16, for a kind that targets are made of.
    it('starts without a kind that the API server does not serve yet, and takes it up', async () => {
      const absent = { status: 404, body: '404 page not found\n' };
      proxy.set(({ resource }) => (resource === 'endpointslices' ? { answer: absent } : undefined));
      allocator = await startAllocator(kubeConfig, podAndSliceJobs(namespace), [
        '--startup-timeout=1s',
      ]);
      const started = allocator;
      await expect
        .poll(async () => [...(await InformerCounts.of(started)).errors('404').keys()], soon)
        .toEqual(['endpointslices.discovery.k8s.io']);
      await sleep(isLongRun ? 120_000 : 3_000);
      expect(await wrongAnswers(started)).toEqual([]);
      proxy.set();
      await bench.expectFresh(started);
      const synced = (await InformerCounts.of(started)).byResource('synced');
      expect(Object.fromEntries(synced)).toEqual(
        Object.fromEntries(resourceNames.map((resource) => [resource, 1])),
      );
    });
  },
);
