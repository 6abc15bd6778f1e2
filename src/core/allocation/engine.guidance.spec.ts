import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { loadXxhash64 } from '../hash/xxhash64.js';
import type { Decisions } from './decisions.js';
import type { AllocationEngine } from './engine.js';
import { assignmentOf, CopiedDecisions, decisionsOf, digestOf } from './testing/decided-targets.js';
import { at, group, job, owners, start, text } from './testing/engine-fixtures.js';
import {
  apply,
  engineWith,
  type Event,
  essenceOf,
  history,
  runToEnd,
  seen,
} from './testing/histories.js';
import { byKey, byNodeOrLoad, leastLoaded } from './testing/strategies.js';

beforeAll(loadXxhash64);

const stateful = [
  ['a sticky strategy', leastLoaded],
  ['a combined strategy that looks at the past', byNodeOrLoad],
] as const;

function applyAll(engine: AllocationEngine, events: readonly Event[]): void {
  for (const e of events) runToEnd(apply(engine, e));
}

/** Some decisions have not come yet. */
const withHoles = (decisions: Decisions): Decisions => ({
  collectorOf: (job, high, low) =>
    low % 3 === 0 ? undefined : decisions.collectorOf(job, high, low),
});

/** Counts, loads and the list of targets say the same. */
function expectConsistent(engine: AllocationEngine): void {
  const all = [...engine.targets({})];
  for (const { job, unassigned } of engine.jobs()) {
    const ofJob = all.filter((t) => t.job === job);
    expect(ofJob.filter((t) => t.collector === undefined).length).toBe(unassigned);
    for (const { name } of engine.collectors)
      expect(ofJob.filter((t) => t.collector === name).length).toBe(engine.targetsOfJob(name, job));
  }
  for (const { name } of engine.collectors)
    expect(engine.targetsPerCollector(name)).toBe(all.filter((t) => t.collector === name).length);
}

describe.each(stateful)('an engine that follows another one with %s', (_name, strategy) => {
  it('shows what the other one shows after each of the same events, however its own hashes are', () => {
    fc.assert(
      fc.property(history, fc.nat({ max: 10 }), fc.integer(), (events, beginsAt, seed) => {
        const leader = engineWith(strategy, 1);
        const follower = engineWith(strategy, seed);
        applyAll(leader, events.slice(0, beginsAt));
        applyAll(follower, essenceOf(events.slice(0, beginsAt)).toReversed());
        const decisions = decisionsOf(leader);
        runToEnd(follower.guide({ kind: 'followed', decisions }));
        for (const e of events.slice(beginsAt)) {
          runToEnd(apply(leader, e));
          runToEnd(apply(follower, e));
          expectConsistent(follower);
          runToEnd(follower.redecide(decisions.update()));
          expect(seen(follower)).toEqual(seen(leader));
          expect(digestOf(follower)).toBe(digestOf(leader));
        }
      }),
      { numRuns: 200 },
    );
  });

  it('has no target where no decision puts it, and says that it waits', () => {
    fc.assert(
      fc.property(history, (events) => {
        const leader = engineWith(strategy, 1);
        const follower = engineWith(strategy, 2);
        runToEnd(follower.guide({ kind: 'followed', decisions: new CopiedDecisions(leader) }));
        applyAll(follower, events);
        for (const { collector, reason } of follower.targets({})) {
          expect(collector).toBeUndefined();
          expect(reason).toBe(
            follower.collectors.length === 0
              ? 'no collectors'
              : 'waits for the decision of the leading replica',
          );
        }
      }),
      { numRuns: 100 },
    );
  });

  it('takes over without moving a target, and places those that nobody has', () => {
    fc.assert(
      fc.property(history, history, (events, later) => {
        const leader = engineWith(strategy, 1);
        const follower = engineWith(strategy, 2);
        applyAll(leader, events);
        const decisions = withHoles(decisionsOf(leader));
        runToEnd(follower.guide({ kind: 'followed', decisions }));
        applyAll(follower, events);
        const before = assignmentOf(follower);
        runToEnd(follower.guide(undefined));
        for (const [target, owner] of assignmentOf(follower)) {
          const former = before.get(target);
          if (former !== undefined) expect(owner).toBe(former);
          else if (strategy.sticky === true && follower.collectors.length > 0)
            expect(owner).toBeDefined();
        }
        applyAll(follower, later);
        expectConsistent(follower);
      }),
      { numRuns: 150 },
    );
  });
});

describe('an engine that remembers', () => {
  it('gives each target back to its collector where that exists, in whatever order things are found again', () => {
    const later = fc.oneof(fc.constant([]), history);
    fc.assert(
      fc.property(history, later, fc.func(fc.nat()), fc.integer(), (events, more, rank, seed) => {
        const former = engineWith(leastLoaded, 1);
        applyAll(former, events);
        const owners = assignmentOf(former);
        const engine = engineWith(leastLoaded, seed);
        runToEnd(engine.guide({ kind: 'remembered', decisions: decisionsOf(former) }));
        const found = essenceOf([...events, ...more]);
        applyAll(
          engine,
          found.toSorted((a, b) => rank(a) - rank(b)),
        );
        const present = new Set<string | undefined>(engine.collectors.map(({ name }) => name));
        const restored = assignmentOf(engine);
        for (const [target, owner] of restored) {
          const decided = owners.get(target);
          if (present.has(decided)) expect(owner).toBe(decided);
          else expect(present.has(owner)).toBe(present.size > 0);
        }
        if (more.length === 0) expect(digestOf(engine)).toBe(digestOf(former));
        runToEnd(engine.guide(undefined));
        expect(assignmentOf(engine)).toEqual(restored);
        expectConsistent(engine);
      }),
      { numRuns: 300 },
    );
  });

  it('lets a strategy that is not sticky decide about the collector that a target had', () => {
    const events: Event[] = [
      { type: 'jobs', jobs: [job()] },
      { type: 'collectors', collectors: ['a', 'b'].map((name) => ({ name, node: name })) },
    ];
    const targets = (node: string): Event => ({
      type: 'group',
      provider: 'p',
      group: group('s', at('x'), at('y'), at('z', { __meta_node: node })),
    });
    const former = engineWith(byNodeOrLoad, 1);
    applyAll(former, [...events, targets('b')]);
    expect(owners(former)).toEqual({ x: 'a', y: 'b', z: 'b' });
    const engine = engineWith(byNodeOrLoad, 2);
    const swapped = { collectorOf: swap(decisionsOf(former)) };
    runToEnd(engine.guide({ kind: 'remembered', decisions: swapped }));
    applyAll(engine, [...events, targets('b')]);
    expect(owners(engine)).toEqual({ x: 'b', y: 'a', z: 'b' });
  });
});

/** `a` is said to have had what `b` had, and the other way round. */
const swap =
  (decisions: Decisions): Decisions['collectorOf'] =>
  (name, high, low) =>
    decisions.collectorOf(name, high, low) === 'a' ? 'b' : 'a';

describe('guidance', () => {
  it('is nothing to a keyed strategy, whose answers are the same everywhere', () => {
    const nobody: Decisions = { collectorOf: () => undefined };
    fc.assert(
      fc.property(history, (events) => {
        const one = engineWith(byKey, 1);
        const other = engineWith(byKey, 2);
        runToEnd(other.guide({ kind: 'followed', decisions: nobody }));
        applyAll(one, events);
        applyAll(other, events);
        const { generation } = other;
        runToEnd(other.redecide(['j1', 'j2']));
        expect(other.generation).toBe(generation);
        expect(seen(other)).toEqual(seen(one));
      }),
      { numRuns: 50 },
    );
  });

  it('to a collector that is not there leaves the target waiting until it comes', () => {
    const engine = start({ strategy: leastLoaded }, undefined, ['a']);
    runToEnd(engine.guide({ kind: 'followed', decisions: { collectorOf: () => 'new' } }));
    runToEnd(engine.applyGroup('p', group('s', at('x'))));
    expect([...engine.targets({})].map((t) => t.reason)).toEqual([
      'the leading replica chose "new", which is not known here',
    ]);
    runToEnd(engine.setCollectors([{ name: 'a' }, { name: 'new' }]));
    expect(owners(engine)).toEqual({ x: 'new' });
  });

  it('shows each job either before or after its decisions changed, in many steps', () => {
    const engine = start({ strategy: leastLoaded });
    const many = Array.from({ length: 5000 }, (_, i) => at(`h:${i}`));
    runToEnd(engine.applyGroup('p', group('s', ...many)));
    const decisions: Decisions = { collectorOf: (_job, high) => (high % 2 === 0 ? 'a' : 'b') };
    const states = new Set([text(engine, 'a')]);
    let steps = 0;
    const work = engine.guide({ kind: 'followed', decisions });
    while (work.next().done !== true) {
      steps++;
      states.add(text(engine, 'a'));
    }
    expect(steps).toBeGreaterThan(20);
    expect(states.size).toBe(2);
    expect(engine.targetsPerCollector('c')).toBe(0);
  });

  it('that changes nothing changes no answer and no generation', () => {
    const engine = start({ strategy: leastLoaded });
    runToEnd(engine.applyGroup('p', group('s', at('x'), at('y'))));
    const { generation } = engine;
    runToEnd(engine.guide({ kind: 'followed', decisions: decisionsOf(engine) }));
    runToEnd(engine.redecide(['job', 'unknown']));
    runToEnd(engine.guide(undefined));
    expect(engine.generation).toBe(generation);
  });
});
