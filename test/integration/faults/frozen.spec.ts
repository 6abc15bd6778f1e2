import { setTimeout as sleep } from 'node:timers/promises';

import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { Allocator } from '../../fixtures/allocator.js';
import { ApiProxy } from '../../fixtures/api-proxy.js';
import { Cluster, isClusterAvailable } from '../../fixtures/cluster/cluster.js';
import { eventually } from '../../fixtures/eventually.js';
import { isLongRun } from '../../fixtures/long-run.js';
import { ClusterObjects, podSpec } from '../kubernetes-sd/cluster-objects.js';

const frozenMs = isLongRun ? 60_000 : 15_000;
const starvedMs = isLongRun ? 60_000 : 10_000;
/** After it runs again. */
const rightWithinMs = 5_000;
const job = 'pods';

/** An allocator that serves the pods of a namespace, which the test makes. */
class WatchedPods {
  /** Of the pods that there are. */
  readonly #addresses = new Set<string>();

  private constructor(
    readonly allocator: Allocator,
    private readonly objects: ClusterObjects,
    private readonly proxy: ApiProxy,
  ) {}

  static async start(cluster: Cluster, namespace: string): Promise<WatchedPods> {
    await cluster.createNamespace(namespace);
    const proxy = await ApiProxy.start(cluster);
    const discovery = { role: 'pod', namespaces: { names: [namespace] } };
    const allocator = await Allocator.start({
      kubeconfigPath: await cluster.kubeConfig({ port: proxy.port }),
      config: {
        collector_source: { type: 'static', collectors: [{ name: 'c-0' }] },
        config: { scrape_configs: [{ job_name: job, kubernetes_sd_configs: [discovery] }] },
      },
    });
    const pods = new WatchedPods(allocator, new ClusterObjects(cluster, namespace), proxy);
    await pods.add(0);
    await allocator.waitUntilReady();
    return pods;
  }

  async stop(): Promise<void> {
    this.allocator.program.signal('SIGCONT');
    await this.allocator.stop();
    await this.proxy.close();
  }

  async add(n: number): Promise<void> {
    const pod = podSpec(n);
    await this.objects.createPod(pod);
    this.#addresses.add(`${pod.ip}:8080`);
  }

  async remove(n: number): Promise<void> {
    const pod = podSpec(n);
    await this.objects.deletePod(pod.name);
    this.#addresses.delete(`${pod.ip}:8080`);
  }

  listsSince(atMs: number): number {
    return this.proxy.callsSince(atMs, 'pods').filter(({ verb }) => verb !== 'watch').length;
  }

  /** The time until what is served is what there is. */
  async untilServed(): Promise<number> {
    const startMs = performance.now();
    const expected = [...this.#addresses].toSorted().join();
    await eventually('the pods', async () => {
      const served = await this.allocator.getJson(`/jobs/${job}/targets?collector_id=c-0`);
      const groups = served as readonly { readonly targets: readonly string[] }[];
      const found = groups.flatMap(({ targets }) => targets).toSorted();
      if (found.join() === expected) return true;
      throw new Error(found.join());
    });
    return performance.now() - startMs;
  }
}

// Row 62 of the faults. Side by side: each has an allocator and a namespace of its own.
describe.skipIf(!isClusterAvailable)('an allocator', { timeout: 300_000, concurrent: true }, () => {
  let cluster: Cluster;
  const running: WatchedPods[] = [];
  beforeAll(async () => {
    cluster = await Cluster.start();
  });
  afterAll(async () => {
    await Promise.all(running.map((pods) => pods.stop()));
    await cluster.stop();
  });

  async function watch(namespace: string): Promise<WatchedPods> {
    const pods = await WatchedPods.start(cluster, namespace);
    running.push(pods);
    return pods;
  }

  it('that was frozen answers at once, and soon serves what has changed meanwhile', async () => {
    const pods = await watch('frozen');
    const { allocator } = pods;
    await pods.untilServed();
    const startMs = performance.now();
    allocator.program.signal('SIGSTOP');
    for (let i = 1; i <= 20; i++) await pods.add(i);
    await pods.remove(0);
    await sleep(frozenMs);
    allocator.program.signal('SIGCONT');
    expect((await allocator.get('/livez')).status).toBe(200);
    expect(await pods.untilServed()).toBeLessThan(rightWithinMs);
    expect((await allocator.get('/readyz')).status).toBe(200);
    expect(allocator.program.isRunning).toBe(true);
    expect(pods.listsSince(startMs)).toBeLessThanOrEqual(1);
  });

  it('that has a tenth of its time goes on, and is right when it has all', async () => {
    const pods = await watch('starved');
    const { program } = pods.allocator;
    await pods.untilServed();
    const startMs = performance.now();
    const endMs = startMs + starvedMs;
    for (let i = 1; performance.now() < endMs; i++) {
      program.signal('SIGSTOP');
      if (i % 10 === 0) await pods.add(i);
      await sleep(90);
      program.signal('SIGCONT');
      await sleep(10);
    }
    expect((await pods.allocator.get('/livez')).status).toBe(200);
    expect(await pods.untilServed()).toBeLessThan(rightWithinMs);
    expect(program.isRunning).toBe(true);
    expect(pods.listsSince(startMs)).toBeLessThanOrEqual(1);
  });
});
