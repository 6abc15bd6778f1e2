import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Allocator } from '../../fixtures/allocator.js';
import type { ReceivedCall } from '../../fixtures/api-call-of.js';
import { ApiProxy, type ApiFault } from '../../fixtures/api-proxy.js';
import { isClusterAvailable } from '../../fixtures/cluster/cluster.js';
import { errorEvent, status } from '../../fixtures/scripted-api-server.js';
import { isLongRun } from '../../fixtures/long-run.js';
import { DiscoveryBench } from './discovery-bench.js';
import { podAndSliceJobs, startAllocator, testTimeoutMs } from './discovery-setup.js';
import { growth, InformerCounts } from './informer-counts.js';

const namespace = 'refusals';
/** All that the jobs of these tests watch. */
const watched = ['endpointslices', 'nodes', 'pods', 'services'] as const;
const soon = { timeout: 20_000 };
const expired = errorEvent(410, 'Expired', 'too old resource version: 1 (2)');

/** One process lives through all of it, one refusal after the other. */
describe.skipIf(!isClusterAvailable)(
  'targets while the API server refuses',
  { timeout: testTimeoutMs },
  () => {
    let bench: DiscoveryBench;
    let proxy: ApiProxy;
    let allocator: Allocator;

    beforeAll(async () => {
      bench = await DiscoveryBench.start(namespace);
      const { cluster } = bench;
      proxy = await ApiProxy.start(cluster);
      const kubeConfig = await cluster.kubeConfig({ port: proxy.port });
      allocator = await startAllocator(kubeConfig, podAndSliceJobs(namespace));
      await allocator.waitUntilReady();
    });
    beforeEach(async () => {
      await bench.witness(allocator);
    });
    afterEach(async () => {
      proxy.set();
      await bench.stopWitness();
    });
    afterAll(async () => {
      await allocator.stop();
      await proxy.close();
      await bench.stop();
    });

    /** Changes everything, and sees that it arrives and that nothing was harmed meanwhile. */
    async function expectRecovery(): Promise<void> {
      await bench.changeEverything();
      await bench.expectFresh(allocator);
      await bench.expectUnharmed(allocator);
    }
    async function relists(): Promise<ReadonlyMap<string, number>> {
      return (await InformerCounts.of(allocator)).byResource('relists_total');
    }
    const callsOf = (sinceMs: number): readonly (readonly [string, number])[] =>
      watched.map((resource) => [resource, proxy.callsSince(sinceMs, resource).length]);

    // Fault row 7, and 6 as far as it is about what is said.
    it.for<readonly [string, { readonly last?: unknown; readonly answer?: ApiFault['answer'] }]>([
      ['inside its watches', { last: expired }],
      ['to its watches', { answer: { status: 410, body: status(410, 'Expired') } }],
    ])('lists again, once, when 410 is said %s', async ([, { last, answer }]) => {
      const before = await relists();
      const refused = new Set<string>();
      proxy.set(({ verb, resource }) => {
        if (answer === undefined || verb !== 'watch' || refused.has(resource)) return undefined;
        refused.add(resource);
        return { answer };
      });
      expect(proxy.endWatches(last)).toEqual(watched);
      await expectRecovery();
      // A kind of which there are no objects may come back after the others have shown what is new.
      const more = async (): Promise<readonly unknown[]> =>
        Object.values(growth(before, await relists()));
      await expect.poll(more, soon).toEqual(watched.map(() => 1));
    });

    // Fault row 12.
    it.each([
      [429, 'TooManyRequests'],
      [503, 'ServiceUnavailable'],
    ])('asks no sooner than Retry-After says when it is refused with %i', async (code, reason) => {
      const before = await relists();
      const retryAfterS = isLongRun ? 5 : 2;
      const answer = {
        status: code,
        body: status(code, reason),
        headers: { 'retry-after': String(retryAfterS) },
      };
      proxy.set(() => ({ answer }));
      const sinceMs = performance.now();
      proxy.endWatches();
      await bench.objects.revisePod('kept-1', code);
      // One question after the last outage, how old the storage is, may come now: it is of the server, not of the kind.
      const callsFor = (resource: string): readonly ReceivedCall[] =>
        proxy.callsSince(sinceMs, resource).filter(({ query }) => query.get('limit') !== '1');
      await sleep(isLongRun ? 120_000 : 7_000);
      // Those that were refused by the test before wait longer than they must.
      const unasked = (): readonly string[] =>
        watched.filter((resource) => callsFor(resource).length === 0);
      await expect.poll(unasked, { timeout: 60_000 }).toEqual([]);
      proxy.set();
      for (const resource of watched) {
        const calls = callsFor(resource);
        const sooner = calls.filter(({ atMs }, n) => {
          const former = calls[n - 1];
          // A timer may fire a moment early.
          return former !== undefined && atMs - former.atMs < retryAfterS * 1_000 - 20;
        });
        expect(sooner, resource).toEqual([]);
        // It goes on from where it stood.
        expect(new Set(calls.map(({ verb }) => verb))).toEqual(new Set(['watch']));
        expect(new Set(calls.map(({ query }) => query.get('resourceVersion'))).size).toBe(1);
      }
      await expectRecovery();
      expect(await relists()).toEqual(before);
    });

    it('goes on from where it stood when 429 is said inside its watches', async () => {
      const before = await relists();
      proxy.endWatches(errorEvent(429, 'TooManyRequests'));
      await expectRecovery();
      expect(await relists()).toEqual(before);
    });

    // Fault row 16, for a kind that targets are made of.
    it('keeps what it knows of a kind that is gone, follows the others, and heals', async () => {
      const absent = { status: 404, body: '404 page not found\n' };
      proxy.set(({ resource }) => (resource === 'endpointslices' ? { answer: absent } : undefined));
      proxy.endWatches(expired);
      await expect
        .poll(async () => [...(await InformerCounts.of(allocator)).errors('404').keys()], soon)
        .toEqual(['endpointslices.discovery.k8s.io']);
      await bench.objects.revisePod('kept-2', 404);
      await bench.expectFresh(allocator);
      proxy.set();
      await expectRecovery();
    });

    // Fault row 2.
    it('does not press an API server that has lost its storage', async () => {
      const { cluster } = bench;
      const outageMs = isLongRun ? 120_000 : 12_000;
      await cluster.killEtcd();
      const sinceMs = performance.now();
      proxy.endWatches(expired);
      await sleep(outageMs / 2);
      proxy.cut();
      await sleep(outageMs / 2);
      const most = 8 * Math.max(1, outageMs / 60_000);
      expect(callsOf(sinceMs).filter(([, count]) => count > most)).toEqual([]);
      const unasked = (): unknown => callsOf(sinceMs).filter(([, count]) => count === 0);
      await expect.poll(unasked, { timeout: 60_000 }).toEqual([]);
      console.info(`calls in ${String(outageMs / 1_000)} s: ${callsOf(sinceMs).join(' ')}`);
      cluster.startEtcd();
      await cluster.startApiserver();
      await expectRecovery();
    });

    // Fault row 8 in the server's own words: it is asked for a version that it will not have for long.
    it('asks for the newest state when the server does not know its version yet', async () => {
      const before = await relists();
      proxy.set(({ verb, query }) =>
        verb === 'watch' || query.get('resourceVersion') === null
          ? undefined
          : { query: { resourceVersion: '999999999999' } },
      );
      proxy.endWatches(expired);
      await bench.objects.revisePod('kept-6', 8);
      await bench.expectFresh(allocator, 30_000);
      const refused = (await InformerCounts.of(allocator)).errors('too-large-version');
      expect(refused.get('pods')).toBe(1);
      const more = Object.entries(growth(before, await relists()));
      expect(more.filter(([, count]) => count > 2)).toEqual([]);
      proxy.set();
      await expectRecovery();
    });
  },
);
