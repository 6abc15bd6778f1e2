import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { isClusterAvailable } from '../../fixtures/cluster/cluster.js';
import { moved, ReplicaWorld, targetNames, type WorldReplica } from './replica-world.js';

const targets = 300;

describe.skipIf(!isClusterAvailable)('replicas of an allocator with least-weighted', () => {
  let world: ReplicaWorld;

  beforeAll(async () => {
    world = await ReplicaWorld.start(targets, 3);
    await Promise.all([world.addReplica(), world.addReplica()]);
    await Promise.all(world.replicas.map(({ allocator }) => allocator.waitUntilReady()));
  });
  afterAll(async () => {
    await world.stop();
  });

  function othersThan(leader: WorldReplica): readonly WorldReplica[] {
    return world.replicas.filter((replica) => replica !== leader);
  }

  it('answer alike for every collector, and their digests are the same', async () => {
    const assignment = await world.agreed();
    const loads = world.collectors.map(
      (name) => [...assignment.values()].filter((owner) => owner === name).length,
    );
    expect(Math.max(...loads) - Math.min(...loads)).toBeLessThanOrEqual(1);
    expect(await world.agreedDigest()).toBeGreaterThan(0);
  });

  it('follow one of them alone', async () => {
    const leader = await world.leader(5_000);
    expect((await leader.allocator.get('/api/v1/decisions')).status).toBe(200);
    for (const { allocator } of othersThan(leader)) {
      const answer = await allocator.get('/api/v1/decisions');
      expect([answer.status, answer.text]).toEqual([503, 'this replica does not lead\n']);
    }
  });

  it('answer alike again when targets and collectors change', async () => {
    world.change([...targetNames(50, targets - 50), ...targetNames(1_000, 100)]);
    const before = await world.agreed();
    await world.addCollector('c-3');
    world.change([...world.targets, ...targetNames(2_000, 60)]);
    const after = await world.agreed();
    expect(moved(before, after)).toBe(0);
    expect([...after.values()]).toContain('c-3');
  });

  it('move nothing when a third one joins, and when one that follows starts anew', async () => {
    const before = await world.agreed();
    const third = await world.addReplica();
    await third.allocator.waitUntilReady();
    expect(moved(before, await world.agreed(1_000))).toBe(0);
    const [follower] = othersThan(await world.leader(5_000));
    await follower?.allocator.program.kill();
    follower?.allocator.restart();
    await follower?.allocator.waitUntilReady();
    expect(moved(before, await world.agreed(1_000))).toBe(0);
  });

  it('have another leader within three seconds when the first one is asked to end', async () => {
    const before = await world.agreed();
    const leader = await world.leader(5_000);
    leader.allocator.program.signal('SIGTERM');
    await world.leader(3_000, othersThan(leader));
    await leader.allocator.program.exited;
    await world.remove(leader);
    world.change([...world.targets, ...targetNames(3_000, 10)]);
    expect(moved(before, await world.agreed())).toBe(0);
  });

  it('move nothing when the leader is killed while targets change', async () => {
    const leader = await world.leader(5_000);
    const survivors = othersThan(leader);
    const churn = new AbortController();
    const churning = (async () => {
      for (let n = 0; !churn.signal.aborted; n++) {
        world.change([...world.targets.slice(2), ...targetNames(4_000 + 2 * n, 2)]);
        await sleep(500);
      }
    })();
    await sleep(1_500);
    const seen = await Promise.all(survivors.map((one) => one.assignment(world.collectors)));
    await leader.allocator.program.kill();
    const killedAt = performance.now();
    await world.leader(20_000, survivors);
    const leadsAfterMs = performance.now() - killedAt;
    await sleep(1_500);
    churn.abort();
    await churning;
    await world.remove(leader);
    const after = await world.agreed();
    expect(seen.map((before) => moved(before, after))).toEqual(survivors.map(() => 0));
    expect(leadsAfterMs).toBeLessThan(20_000);
  });
});
