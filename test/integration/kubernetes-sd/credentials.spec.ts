import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { Allocator } from '../../fixtures/allocator.js';
import { ApiProxy } from '../../fixtures/api-proxy.js';
import { isClusterAvailable } from '../../fixtures/cluster/cluster.js';
import { ServiceAccount } from '../../fixtures/cluster/service-account.js';
import { FaultProxy } from '../../fixtures/fault-proxy.js';
import { ProjectedFile } from '../../fixtures/projected-file.js';
import { isLongRun } from '../../fixtures/long-run.js';
import { DiscoveryBench } from './discovery-bench.js';
import { podAndSliceJobs, startAllocator, testTimeoutMs } from './discovery-setup.js';
import { InformerCounts } from './informer-counts.js';

const namespace = 'credentials';
const soon = { timeout: 30_000, interval: 100 };
/** The API server takes a token for a minute after its end, and remembers for 10 s that it was good. */
const leewayS = 60;
const shortLifeS = 8;
const rotations = isLongRun ? 60 : 20;

describe.skipIf(!isClusterAvailable)(
  'targets while credentials are rotated',
  { timeout: testTimeoutMs },
  () => {
    let bench: DiscoveryBench;
    let account: ServiceAccount;
    let allocator: Allocator | undefined;
    let closeProxy: () => Promise<void> = () => Promise.resolve();

    beforeAll(async () => {
      bench = await DiscoveryBench.start(namespace);
      account = await ServiceAccount.create(bench.cluster, namespace, 'allocator');
    });
    afterEach(async () => {
      await bench.stopWitness();
      await allocator?.stop();
      await closeProxy();
    });
    afterAll(async () => {
      await bench.stop();
    });

    /** An allocator with its token in a projected file, behind a proxy that sees which token it sends. */
    async function startWithToken(
      text: string,
    ): Promise<{ allocator: Allocator; proxy: ApiProxy; file: ProjectedFile }> {
      const { cluster } = bench;
      const folder = join(cluster.folder, `token-${String(performance.now())}`);
      const file = await ProjectedFile.create(folder, 'token', text);
      const proxy = await ApiProxy.start(cluster);
      closeProxy = () => proxy.close();
      const kubeConfig = await cluster.kubeConfig({ port: proxy.port, tokenFile: file.path });
      allocator = await startAllocator(kubeConfig, podAndSliceJobs(namespace));
      await allocator.waitUntilReady();
      await bench.witness(allocator);
      return { allocator, proxy, file };
    }
    async function refusedWith401(started: Allocator): Promise<number> {
      const errors = (await InformerCounts.of(started)).errors('401');
      return [...errors.values()].reduce((sum, count) => sum + count, 0);
    }

    // Fault row 14.
    it('uses each token as soon as it is in the file, and is never refused', async () => {
      const token = (): string => account.token(shortLifeS - leewayS);
      const { allocator: started, proxy, file } = await startWithToken(token());
      for (let n = 1; n <= rotations; n += 1) {
        await file.write(token());
        proxy.endWatches();
        await bench.objects.revisePod('kept-7', n);
        await bench.expectFresh(started, 10_000);
      }
      expect(await refusedWith401(started)).toBe(0);
      const sent = new Set(proxy.calls.map(({ authorization }) => authorization));
      expect(sent.size).toBeGreaterThanOrEqual(rotations);
      await bench.expectUnharmed(started);
    });

    it('serves on with a token that has ended, until the next one comes late', async () => {
      const { allocator: started, proxy, file } = await startWithToken(account.token(600));
      await file.write(account.token(-leewayS - 10));
      proxy.cut();
      await bench.changeEverything();
      await expect.poll(() => refusedWith401(started), soon).toBeGreaterThan(0);
      await file.write(account.token(600));
      await bench.expectFresh(started);
      await bench.expectUnharmed(started);
    });

    // Fault row 15.
    it('trusts a new authority when its file says so, and no server before', async () => {
      const { cluster } = bench;
      const proxy = await FaultProxy.start(cluster.port);
      closeProxy = () => proxy.close();
      const former = await readFile(cluster.caFile, 'utf8');
      const file = await ProjectedFile.create(join(cluster.folder, 'ca'), 'ca.crt', former);
      const started = await startAllocator(
        'no-kubeconfig',
        podAndSliceJobs(namespace, {
          api_server: `https://127.0.0.1:${String(proxy.port)}`,
          authorization: { credentials: cluster.adminToken },
          tls_config: { ca_file: file.path },
        }),
      );
      allocator = started;
      await started.waitUntilReady();
      await bench.witness(started);
      await cluster.killApiserver();
      await Promise.all(
        ['apiserver.crt', 'apiserver.key'].map((name) => rm(join(cluster.folder, 'pki', name))),
      );
      // It makes itself a new certificate where there is none.
      await cluster.startApiserver();
      expect(await readFile(cluster.caFile, 'utf8')).not.toBe(former);
      await bench.changeEverything();
      await expect
        .poll(async () => (await started.get('/readyz?verbose')).text, soon)
        .toContain('certificate');
      const before = await bench.servedPods(started);
      expect(before).not.toEqual(await bench.fresh.ofPods());
      await file.write(await readFile(cluster.caFile, 'utf8'));
      await bench.expectFresh(started, 60_000);
      await bench.expectUnharmed(started);
    });
  },
);
