import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Allocator } from '../../fixtures/allocator.js';
import { ApiProxy } from '../../fixtures/api-proxy.js';
import { isClusterAvailable } from '../../fixtures/cluster/cluster.js';
import { FaultProxy } from '../../fixtures/fault-proxy.js';
import { isLongRun } from '../../fixtures/long-run.js';
import { Churn } from './churn.js';
import { DiscoveryBench } from './discovery-bench.js';
import { podAndSliceJobs, startAllocator, testTimeoutMs } from './discovery-setup.js';
import { InformerCounts } from './informer-counts.js';
import { freshSeed, seededRandom } from './random.js';

const namespace = 'raw-bytes';
const wideText = 'ümläut 漢字 😀 ';

/** Plain HTTP/1.1 between allocator and server, so that each byte on the way is one of the answers. */
describe.skipIf(!isClusterAvailable)(
  'targets while bytes come in pieces or are wrong',
  { timeout: testTimeoutMs },
  () => {
    let bench: DiscoveryBench;
    let api: ApiProxy;
    let proxy: FaultProxy;
    let allocator: Allocator;

    beforeAll(async () => {
      bench = await DiscoveryBench.start(namespace);
      const { cluster } = bench;
      api = await ApiProxy.start({ port: cluster.port, folder: cluster.folder, isPlain: true });
      proxy = await FaultProxy.start(api.port);
      const server = {
        api_server: `http://127.0.0.1:${String(proxy.port)}`,
        authorization: { credentials: cluster.adminToken },
      };
      allocator = await startAllocator('no-kubeconfig', podAndSliceJobs(namespace, server));
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
      await api.close();
      await bench.stop();
    });

    async function errorsOf(kind: string): Promise<number> {
      const errors = (await InformerCounts.of(allocator)).errors(kind);
      return [...errors.values()].reduce((sum, count) => sum + count, 0);
    }

    // Fault row 10.
    it('reads every change out of single bytes, characters cut anywhere', async () => {
      const before = await errorsOf('protocol');
      proxy.set({ pieceBytes: 1 });
      proxy.cut();
      const changes = isLongRun ? 10_000 : 150;
      for (let rev = 1; rev <= changes; rev += 1) {
        const name = `kept-${String(rev % 20)}`;
        if (rev % 10 === 0) await bench.objects.annotatePod(name, wideText.repeat(rev % 7));
        else await bench.objects.revisePod(name, rev);
      }
      await bench.objects.annotatePod('kept-1', wideText);
      await bench.expectFresh(allocator);
      // Annotations are not among what is compared.
      const served = async (): Promise<string> => (await allocator.get('/jobs/pods/targets')).text;
      await expect.poll(served, { timeout: 20_000 }).toContain(`"${wideText}"`);
      expect(await errorsOf('protocol')).toBe(before);
      await bench.expectUnharmed(allocator);
    });

    it('reads an object as large as etcd takes them, in small pieces', async () => {
      proxy.set({ pieceBytes: 997 });
      const pod = await bench.objects.createLargePod(1_400_000);
      await bench.expectFresh(allocator);
      const { text } = await allocator.get('/jobs/pods/targets');
      expect(text).toContain(`${pod.ip}:8080`);
      await bench.objects.deletePod(pod.name);
      await bench.expectFresh(allocator);
      await bench.expectUnharmed(allocator);
    });

    // Fault row 11. The highest bit: what another bit makes of a letter is another letter, which nobody can tell.
    it('drops a stream with wrong bytes in it, and has everything right in the end', async () => {
      const before = await errorsOf('protocol');
      const seed = freshSeed('wrong bytes');
      const random = seededRandom(seed);
      const oneIn = isLongRun ? 100_000 : 10_000;
      let wrongBytes = 0;
      const churn = Churn.start(bench.objects, { changesPerSecond: 20, seed });
      proxy.set({
        corrupt: (piece) => {
          const copy = Buffer.from(piece);
          for (let at = skip(random, oneIn); at < copy.length; at += skip(random, oneIn)) {
            copy[at] = (copy[at] ?? 0) ^ 0x80;
            wrongBytes += 1;
          }
          return copy;
        },
      });
      await sleep(isLongRun ? 120_000 : 10_000);
      await churn.stop();
      proxy.set({});
      proxy.cut();
      console.info(`${String(wrongBytes)} wrong bytes, ${String(churn.changes)} changes`);
      await bench.expectFresh(allocator);
      // Some of them were met.
      expect(await errorsOf('protocol')).toBeGreaterThan(before);
      await bench.expectUnharmed(allocator);
    });
  },
);

/** Steps to the next byte of which one in so many is meant. */
function skip(random: () => number, oneIn: number): number {
  return 1 + Math.floor(-Math.log(1 - random()) * oneIn);
}
