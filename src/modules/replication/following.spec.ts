import fc from 'fast-check';
import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Decisions, Guidance } from '../../core/allocation/decisions.js';
import type { AllocationEngine } from '../../core/allocation/engine.js';
import {
  assignmentOf,
  decisionsOf,
  digestOf,
} from '../../core/allocation/testing/decided-targets.js';
import { at, group, owners, start } from '../../core/allocation/testing/engine-fixtures.js';
import {
  apply,
  engineWith,
  history,
  runToEnd,
  seen,
} from '../../core/allocation/testing/histories.js';
import { byKey, byNodeOrLoad, leastLoaded } from '../../core/allocation/testing/strategies.js';
import { loadXxhash64, runInSlices } from '../../plugin-api/index.js';
import { FakeClock } from '../telemetry/testing/fake-clock.js';
import { ConsistentPlacement } from './decisions/consistent-placement.js';
import { decisionAnswer } from './decisions/decision-answer.js';
import { readDecisionLine } from './decisions/decision-lines.js';
import { DecisionsReader, type ToldDecisions } from './decisions/told-decisions.js';
import { Following, type GuidedAllocation } from './following.js';

beforeAll(loadXxhash64);

const { keyed } = byKey;
let clock: FakeClock;
beforeEach(() => {
  clock = new FakeClock();
});

/** A replica that follows, on an engine of its own. */
class Follower {
  readonly following: Following;
  readonly allocation: GuidedAllocation;

  constructor(
    readonly engine: AllocationEngine,
    remembered?: Decisions,
  ) {
    if (keyed === undefined) throw new TypeError('the strategy is keyed');
    this.allocation = {
      view: engine,
      owners: engine,
      remembered,
      guide: async (guidance: Guidance | undefined) => runInSlices(engine.guide(guidance), clock),
      redecide: (jobs) => runInSlices(engine.redecide(jobs), clock),
    };
    const placement = new ConsistentPlacement(() => engine, keyed);
    this.following = new Following((work) => work(this.allocation), placement, clock);
  }

  async askAndTake(leader: AllocationEngine, epoch = 'leader'): Promise<ToldDecisions> {
    const told = await answerOf(leader, epoch, this);
    await this.following.take(told);
    return told;
  }
}

async function answerOf(
  leader: AllocationEngine,
  epoch: string,
  { following }: Follower,
): Promise<ToldDecisions> {
  const reader = new DecisionsReader();
  const told = { epoch, owners: leader, view: leader };
  for await (const line of decisionAnswer(told, following.state)) {
    reader.push(readDecisionLine(line));
  }
  return reader.end();
}

describe.each([
  ['a sticky strategy', leastLoaded],
  ['a combined strategy', byNodeOrLoad],
])('a replica that follows another one with %s', (_, strategy) => {
  it('comes to the same after each change, whenever it begins', async () => {
    await fc.assert(
      fc.asyncProperty(history, fc.nat({ max: 10 }), async (events, beginsAt) => {
        const leader = engineWith(strategy, 1);
        const follower = new Follower(engineWith(strategy, 2));
        for (const [n, event] of events.entries()) {
          runToEnd(apply(leader, event));
          runToEnd(apply(follower.engine, event));
          if (n === beginsAt) await follower.following.begin(false);
          if (n < beginsAt) continue;
          await follower.askAndTake(leader);
          await follower.following.refresh(follower.engine);
          expect(seen(follower.engine)).toEqual(seen(leader));
          expect(digestOf(follower.engine)).toBe(digestOf(leader));
        }
      }),
      { numRuns: 100 },
    );
  });

  it('moves nothing when it decides itself from now on', async () => {
    await fc.assert(
      fc.asyncProperty(history, async (events) => {
        const leader = engineWith(strategy, 1);
        const follower = new Follower(engineWith(strategy, 2));
        await follower.following.begin(false);
        for (const event of events) {
          runToEnd(apply(leader, event));
          runToEnd(apply(follower.engine, event));
        }
        await follower.askAndTake(leader);
        await follower.following.end();
        const before = assignmentOf(leader);
        for (const [target, collector] of assignmentOf(follower.engine)) {
          if (strategy === leastLoaded) expect(collector).toBe(before.get(target));
          else expect(collector === undefined).toBe(before.get(target) === undefined);
        }
      }),
      { numRuns: 100 },
    );
  });
});

describe('a replica that follows', () => {
  let leader: AllocationEngine;
  let follower: Follower;
  const targets = (...numbers: readonly number[]) =>
    group('g', ...numbers.map((n) => at(`t-${String(n)}`)));
  const give = (engine: AllocationEngine, ...numbers: readonly number[]): void => {
    runToEnd(engine.applyGroup('p', targets(...numbers)));
  };

  beforeEach(async () => {
    leader = start({ strategy: leastLoaded, hashSeed: 1 });
    follower = new Follower(start({ strategy: leastLoaded, hashSeed: 2 }));
    await follower.following.begin(false);
    give(leader, 1, 2, 3, 4);
    give(follower.engine, 1, 2, 3, 4);
  });

  it('has no target placed before the leader has said something', async () => {
    await clock.advance(60_000);
    await follower.following.refresh(follower.engine);
    expect(Object.values(owners(follower.engine))).toEqual(['-', '-', '-', '-']);
    await follower.askAndTake(leader);
    expect(owners(follower.engine)).toEqual(owners(leader));
  });

  it('is told what has changed, and nothing else', async () => {
    await follower.askAndTake(leader);
    give(leader, 1, 2, 3, 4, 5);
    give(follower.engine, 1, 2, 3, 4, 5);
    const told = await follower.askAndTake(leader);
    expect(told.isWhole).toBe(false);
    expect([...(told.jobs.get('job')?.parts.keys() ?? [])]).toEqual([owners(leader)['t-5']]);
    const nothing = await follower.askAndTake(leader);
    expect([nothing.isWhole, nothing.jobs.size]).toEqual([false, 0]);
    const other = await follower.askAndTake(leader, 'another process');
    expect(other.isWhole).toBe(true);
  });

  it('waits for a target that the leader does not have, and places it when it has waited enough', async () => {
    await follower.askAndTake(leader);
    give(follower.engine, 1, 2, 3, 4, 9);
    await clock.advance(4_000);
    await follower.following.refresh(follower.engine);
    expect(owners(follower.engine)['t-9']).toBe('-');
    await clock.advance(1_000);
    await follower.following.refresh(follower.engine);
    const another = new Follower(start({ strategy: leastLoaded, hashSeed: 3 }));
    await another.following.begin(false);
    give(another.engine, 9);
    await another.following.goAlone();
    const placed = owners(follower.engine)['t-9'];
    expect(['a', 'b', 'c']).toContain(placed);
    expect(owners(another.engine)['t-9']).toBe(placed);
    give(leader, 1, 2, 3, 4, 9);
    await follower.askAndTake(leader);
    expect(owners(follower.engine)).toEqual(owners(leader));
    expect(follower.following.undecided).toBe(0);
  });

  it('keeps targets that the leader does not have any more where they are', async () => {
    await follower.askAndTake(leader);
    const before = owners(follower.engine);
    give(leader, 1);
    await follower.askAndTake(leader);
    runToEnd(leader.setJobs([]));
    await follower.askAndTake(start({ strategy: leastLoaded }), 'a leader without targets');
    expect(owners(follower.engine)).toEqual(before);
    await clock.advance(60_000);
    await follower.following.refresh(follower.engine);
    expect(owners(follower.engine)).toEqual(before);
  });

  it('places the targets of a collector that only the leader has, until it has it too', async () => {
    await follower.askAndTake(leader);
    const more = ['a', 'b', 'c', 'd'].map((name) => ({ name, node: `node-${name}` }));
    runToEnd(leader.setCollectors(more));
    give(leader, 1, 2, 3, 4, 5);
    give(follower.engine, 1, 2, 3, 4, 5);
    expect(owners(leader)['t-5']).toBe('d');
    await follower.askAndTake(leader);
    await clock.advance(5_000);
    await follower.following.refresh(follower.engine);
    expect(['a', 'b', 'c']).toContain(owners(follower.engine)['t-5']);
    runToEnd(follower.engine.setCollectors(more));
    await follower.following.refresh(follower.engine);
    expect(owners(follower.engine)).toEqual(owners(leader));
  });

  it('decides from now on with its targets where the leader wanted them, also if it has only just learned of a collector', async () => {
    const few = ['b', 'c'].map((name) => ({ name, node: `node-${name}` }));
    runToEnd(follower.engine.setCollectors(few));
    await follower.askAndTake(leader);
    await clock.advance(5_000);
    await follower.following.refresh(follower.engine);
    expect(Object.values(owners(follower.engine))).not.toContain('-');
    runToEnd(follower.engine.setCollectors([{ name: 'a', node: 'node-a' }, ...few]));
    await follower.following.end();
    expect(owners(follower.engine)).toEqual(owners(leader));
  });

  it('begins with what it has when it has led before', async () => {
    await follower.allocation.guide(undefined);
    const before = owners(follower.engine);
    const again = new Follower(follower.engine);
    await again.following.begin(true);
    expect(owners(follower.engine)).toEqual(before);
  });

  it('finds no leader and leaves targets where its earlier life had them, also when that is forgotten', async () => {
    const earlier = decisionsOf(leader);
    const decided = owners(leader);
    let isForgotten = false;
    const remembered: Decisions = {
      collectorOf: (...target) => (isForgotten ? undefined : earlier.collectorOf(...target)),
    };
    const alone = new Follower(start({ strategy: leastLoaded, hashSeed: 4 }), remembered);
    await alone.following.begin(false);
    give(alone.engine, 1, 2, 3, 4, 5);
    await alone.following.goAlone();
    isForgotten = true;
    runToEnd(alone.engine.setCollectors(['d', 'c', 'b', 'a'].map((name) => ({ name }))));
    await alone.following.refresh(alone.engine);
    expect(owners(alone.engine)).toMatchObject(decided);
    expect(owners(alone.engine)['t-5']).not.toBe('-');
    await alone.following.end();
    expect(owners(alone.engine)).toMatchObject(decided);
  });

  it('takes nothing of changes that do not fit to what it has, and asks for everything then', async () => {
    await follower.askAndTake(leader);
    const before = owners(follower.engine);
    const collectors = new Map([['a', 77]]);
    const jobs = new Map([['job', { collectors, parts: new Map() }]]);
    const bad = { epoch: 'leader', generation: 99, isWhole: false, jobs };
    await expect(follower.following.take(bad)).rejects.toThrow('TA_DECISIONS_ANSWER');
    await expect(
      follower.following.take({ ...bad, epoch: 'else', jobs: new Map() }),
    ).rejects.toThrow('another process');
    expect(owners(follower.engine)).toEqual(before);
    expect((await follower.askAndTake(leader)).isWhole).toBe(true);
  });
});
