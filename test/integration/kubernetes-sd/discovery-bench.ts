import { expect } from 'vitest';
import type { Allocator } from '../../fixtures/allocator.js';
import { Cluster, type ClusterOptions } from '../../fixtures/cluster/cluster.js';
import { eventually } from '../../fixtures/eventually.js';
import { AvailabilityWitness } from './availability-witness.js';
import { ClusterObjects, podSpec } from './cluster-objects.js';
import { jobNames } from './discovery-setup.js';
import { FreshList } from './fresh-list.js';
import { ServedJobs } from './served-jobs.js';

/** Targets are compared after each fault; what is slower than this has not recovered. */
const settled = { timeout: 60_000, interval: 200 };

/** A cluster with pods behind slices: what all fault tests have in common. */
export class DiscoveryBench {
  /** Of the pods that stay. */
  readonly addresses: readonly string[];
  readonly fresh: FreshList;
  #witness: AvailabilityWitness | undefined;
  #round = 0;

  private constructor(
    readonly cluster: Cluster,
    readonly objects: ClusterObjects,
    podCount: number,
  ) {
    this.fresh = new FreshList(cluster, objects.namespace);
    this.addresses = Array.from({ length: podCount }, (_, n) => `${podSpec(n).ip}:8080`);
  }

  static async start(
    namespace: string,
    podCount = 60,
    options: ClusterOptions = {},
  ): Promise<DiscoveryBench> {
    const cluster = await Cluster.start(options);
    const objects = new ClusterObjects(cluster, namespace);
    await objects.create(podCount);
    return new DiscoveryBench(cluster, objects, podCount);
  }

  /** Watches the answers of an allocator that is ready from now on. */
  async witness(allocator: Allocator): Promise<void> {
    const served = new ServedJobs(allocator);
    for (const job of jobNames) await eventually(`${job} is served`, () => served.ownersOf(job));
    this.#witness = await AvailabilityWitness.start(allocator, jobNames, this.addresses);
  }

  async stopWitness(): Promise<void> {
    await this.#witness?.stop();
    this.#witness = undefined;
  }

  /** Nothing that exists was lost, moved or doubled, no answer failed, and the process lives. */
  async expectUnharmed(allocator: Allocator): Promise<void> {
    const witness = this.#witness;
    await this.stopWitness();
    expect(witness?.polls).toBeGreaterThan(0);
    expect(witness?.violations).toEqual([]);
    expect(allocator.program.isRunning).toBe(true);
  }

  /** What is served becomes what a fresh list has. */
  async expectFresh(allocator: Allocator, timeoutMs = settled.timeout): Promise<void> {
    const served = new ServedJobs(allocator);
    const wait = { ...settled, timeout: timeoutMs };
    const [pods, slices] = [await this.fresh.ofPods(), await this.fresh.ofSlices()];
    await expect.poll(() => served.linesOf('pods'), wait).toEqual(pods);
    await expect.poll(() => served.linesOf('slices'), wait).toEqual(slices);
  }

  servedPods(allocator: Allocator): Promise<readonly string[]> {
    return new ServedJobs(allocator).linesOf('pods');
  }

  /** An addition, a change and a deletion, of each kind that targets are made of. */
  async changeEverything(): Promise<void> {
    const { objects } = this;
    const round = (this.#round += 1);
    const pod = podSpec(round, 'extra');
    await objects.createPod(pod);
    await objects.createSlice(`extra-${String(round)}`, [pod]);
    await objects.revisePod('kept-3', round);
    await objects.labelNode('node-0', `zone-${String(round)}`);
    if (round > 1) {
      const former = `extra-${String(round - 1)}`;
      await objects.deletePod(former);
      await objects.deleteSlice(former);
    }
  }

  async stop(): Promise<void> {
    await this.stopWitness();
    await this.cluster.stop();
  }
}
