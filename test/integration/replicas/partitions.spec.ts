import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { isClusterAvailable } from '../../fixtures/cluster/cluster.js';
import { eventually } from '../../fixtures/eventually.js';
import {
  type Assignment,
  moved,
  ReplicaWorld,
  targetNames,
  type WorldReplica,
} from './replica-world.js';

const targets = 300;
const changed = 30;
/** Longer than a target waits for a decision. */
const cutMs = 7_000;

describe.skipIf(!isClusterAvailable)('a replica that is cut off from the API server', () => {
  let world: ReplicaWorld;
  let next = 1_000;

  beforeAll(async () => {
    world = await ReplicaWorld.start(targets, 3);
    await Promise.all([1, 2].map(() => world.addReplica({ isProxied: true })));
    await Promise.all(world.replicas.map(({ allocator }) => allocator.waitUntilReady()));
  });
  afterAll(async () => {
    await world.stop();
  });

  function replace(): readonly string[] {
    const fresh = targetNames(next, changed);
    next += changed;
    world.change([...world.targets.slice(changed), ...fresh]);
    return fresh;
  }
  function assignments(): Promise<readonly Assignment[]> {
    return Promise.all(world.replicas.map((one) => one.assignment(world.collectors)));
  }
  async function heal(replica: WorldReplica): Promise<Assignment> {
    replica.proxy?.set({});
    replica.proxy?.cut();
    const healed = await world.agreed(7_000);
    await world.agreedDigest();
    return healed;
  }
  async function replicasByRole(): Promise<readonly [WorldReplica, WorldReplica]> {
    const leader = await world.leader(20_000);
    const follower = world.replicas.find((replica) => replica !== leader);
    if (follower === undefined) throw new Error('there are two replicas');
    return [leader, follower];
  }

  it('differs in nothing but what has changed while it follows, and not for long after', async () => {
    const [, follower] = await replicasByRole();
    const before = await world.agreed();
    follower.proxy?.set({ blackhole: true });
    await world.addCollector('c-3');
    await sleep(500);
    const fresh = new Set(replace());
    await sleep(cutMs);
    const [one = before, two = before] = await assignments();
    expect([one.size, two.size]).toEqual([targets, targets]);
    expect([moved(before, one), moved(before, two)]).toEqual([0, 0]);
    const apart = [...one].filter(([target, collector]) => two.get(target) !== collector);
    expect(apart.length).toBeGreaterThan(0);
    expect(apart.filter(([target]) => !fresh.has(target))).toEqual([]);
    expect(moved(before, await heal(follower))).toBe(0);
  });

  it('loses nothing when it leads: the other one takes over, and is followed then', async () => {
    const [leader, follower] = await replicasByRole();
    const before = await world.agreed();
    leader.proxy?.set({ blackhole: true });
    replace();
    await eventually(
      'the other one leads',
      async () => ((await follower.isLeading()) ? true : undefined),
      { timeoutMs: 25_000 },
    );
    expect(await leader.isLeading()).toBe(false);
    const during = await assignments();
    expect(during.map(({ size }) => size)).toEqual([targets, targets]);
    expect(during.map((one) => moved(before, one))).toEqual([0, 0]);
    expect(moved(before, await heal(leader))).toBe(0);
    expect(await world.leader(5_000)).toBe(follower);
  });
});
