import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { isClusterAvailable } from '../../fixtures/cluster/cluster.js';
import { eventually } from '../../fixtures/eventually.js';
import { KeptDirectory } from './kept-directory.js';
import {
  type Assignment,
  moved,
  ReplicaWorld,
  targetNames,
  type WorldReplica,
} from './replica-world.js';

const first = targetNames(0, 120);
const second = targetNames(1_000, 60);
/** A Lease that nobody gave back is left to its holder for 20 s, and looked at every few. */
const takenOverMs = 40_000;

interface KeptReplica {
  readonly replica: WorldReplica;
  readonly directory: KeptDirectory;
}

describe.skipIf(!isClusterAvailable)('replicas with least-weighted and a state directory', () => {
  let world: ReplicaWorld;
  let replicas: readonly KeptReplica[];
  let next = 2_000;

  beforeAll(async () => {
    world = await ReplicaWorld.start(0, 2);
    replicas = await Promise.all([addReplica(), addReplica()]);
    world.change(first);
    await Promise.all(replicas.map(({ replica }) => replica.allocator.waitUntilReady()));
    await world.agreed();
    await world.addCollector('c-2');
    world.change([...first, ...second]);
  });
  afterAll(async () => {
    await world.stop();
    for (const { directory } of replicas) await directory.remove();
  });

  async function addReplica(): Promise<KeptReplica> {
    const directory = await KeptDirectory.make();
    return { directory, replica: await world.addReplica({ flags: [directory.flag] }) };
  }
  async function kept(): Promise<Assignment> {
    const assignment = await world.agreed();
    await Promise.all(replicas.map(({ directory }) => directory.untilKept(assignment)));
    return assignment;
  }
  function killAll(): Promise<unknown> {
    return Promise.all(replicas.map(({ replica }) => replica.allocator.program.kill()));
  }
  async function startAll(): Promise<void> {
    for (const { replica } of replicas) replica.allocator.restart();
    await Promise.all(replicas.map(({ replica }) => replica.allocator.waitUntilReady(takenOverMs)));
  }
  async function byRole(): Promise<{ readonly leader: KeptReplica; readonly other: KeptReplica }> {
    const leads = await world.leader(takenOverMs);
    const leader = replicas.find(({ replica }) => replica === leads);
    const other = replicas.find(({ replica }) => replica !== leads);
    if (leader === undefined || other === undefined) throw new Error('there are two replicas');
    return { leader, other };
  }
  /** Has the targets of one collector go and come back, with others in their places meanwhile. */
  async function shuffle(): Promise<Assignment> {
    const before = await world.agreed();
    const away = world.targets.filter((target) => before.get(target) === 'c-0');
    // One more, so that it can be told by their number when they are there.
    const fresh = targetNames(next, away.length + 1);
    next += fresh.length;
    world.change([...world.targets.filter((target) => !away.includes(target)), ...fresh]);
    await world.agreed();
    world.change([...world.targets, ...away]);
    const after = await world.agreed();
    expect(moved(before, after)).toBeGreaterThan(0);
    return after;
  }

  it('move nothing when all of them are killed and start again, and answer alike', async () => {
    const before = await kept();
    // Whoever places all of them at once gives the third collector a third of these, too.
    expect(first.filter((target) => before.get(target) === 'c-2')).toEqual([]);
    await killAll();
    await startAll();
    expect(moved(before, await world.agreed())).toBe(0);
    await byRole();
    expect(moved(before, await world.agreed())).toBe(0);
    await world.agreedDigest();
  });

  it('follow the one that leads, whatever an older state of theirs says', async () => {
    const { other } = await byRole();
    const older = await kept();
    await other.directory.save();
    const decided = await shuffle();
    await other.replica.allocator.program.kill();
    await other.directory.restore();
    other.replica.allocator.restart();
    const stale = await eventually('it answers', async () => {
      const answer = await other.replica.allocator.get('/jobs/web/targets?collector_id=c-1');
      return answer.status === 200 ? answer : undefined;
    });
    expect(stale.headers).toMatchObject({
      warning: '110 target-allocator "response is stale"',
      age: expect.stringMatching(/^\d+$/) as unknown,
    });
    const groups = JSON.parse(stale.text) as readonly { targets: string[] }[];
    const told = groups.flatMap(({ targets }) => targets);
    expect(told.sort()).toEqual([...older.keys()].filter((one) => older.get(one) === 'c-1').sort());

    await other.replica.allocator.waitUntilReady();
    expect(moved(decided, await world.agreed(5_000))).toBe(0);
    const live = await other.replica.allocator.get('/jobs/web/targets?collector_id=c-1');
    expect(live.headers.warning).toBeUndefined();
    await eventually('no target waits for a decision', async () => {
      const undecided = await other.replica.allocator.metric(
        'opentelemetry_allocator_targets_undecided',
      );
      if (undecided > 0) throw new Error(`${String(undecided)} targets wait`);
      return true;
    });
    await world.agreedDigest();
  });

  it('have the state of the one that leads first when they start with different ones', async () => {
    await kept();
    await replicas[0]?.directory.save();
    await shuffle();
    await kept();
    await killAll();
    await replicas[0]?.directory.restore();
    const states = await Promise.all(replicas.map(({ directory }) => directory.assignment()));
    await startAll();
    const { leader } = await byRole();
    const state = states[replicas.indexOf(leader)];
    if (state === undefined) throw new Error('each replica had a state');
    const after = await world.agreed();
    expect(moved(state, after)).toBe(0);
    expect([...state.keys()].filter((target) => after.has(target)).length).toBeGreaterThan(100);
    await world.agreedDigest();
  });
});
