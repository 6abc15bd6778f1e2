import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { loadXxhash64 } from '../hash/xxhash64.js';
import { labelSetOf } from '../labels/label-set.js';
import { compileRelabelConfigs } from '../relabel/program.js';
import type { RelabelConfig } from '../scrape-config/model.js';
import type { JobFilter } from '../target/target-filter.js';
import type { TargetGroup } from '../target/target-group.js';
import type { AllocationEngine, EngineJob } from './engine.js';
import type { AllocationStrategy } from './strategy.js';
import { engineWith, runToEnd, seen } from './testing/histories.js';
import { byKey, byNode, leastLoaded } from './testing/strategies.js';

beforeAll(loadXxhash64);

const decoder = new TextDecoder();

/** Groups up to twice the size from which on a change is made on a draft, of which some are equal after relabeling. */
const group: fc.Arbitrary<TargetGroup> = fc
  .record({
    source: fc.constantFrom('s1', 's2', '__proto__'),
    from: fc.nat(300),
    count: fc.oneof(
      fc.constant(0),
      fc.integer({ min: 1, max: 12 }),
      fc.integer({ min: 400, max: 1_100 }),
    ),
    node: fc.integer({ min: 1, max: 4 }),
    changed: fc.constantFrom('', 'x', '"\\\né\u{1f600}'),
    isReversed: fc.boolean(),
  })
  .map(({ source, from, count, node, changed, isReversed }) => {
    const targets = Array.from({ length: count }, (_, i) => {
      const n = from + i;
      return labelSetOf([
        ['__address__', `10.0.0.1:${String(n)}`],
        ['__meta_node', `n${String(n % node)}`],
        ['id', String(n % 5 === 0 ? n + 1 : n)],
        ...(n % 97 === 0 ? [['__meta_odd', changed] as const] : []),
      ]);
    });
    const labels = labelSetOf([['__meta_group', changed]]);
    return { source, labels, targets: isReversed ? targets.reverse() : targets };
  });

const rules: readonly (readonly RelabelConfig[])[] = [
  [{ action: 'labelmap', regex: '__meta_(.*)' }],
  [{ action: 'drop', source_labels: ['id'], regex: '.*3' }],
  [{ action: 'labeldrop', regex: '__address__' }],
  [
    { action: 'keep', source_labels: ['__meta_group'], regex: 'x?' },
    { source_labels: ['id'], regex: '(.).*', target_label: '__address__' },
    { action: 'labeldrop', regex: 'id' },
  ],
];
const filterOf = (which: number): JobFilter => {
  const program = compileRelabelConfigs(rules[which] ?? []);
  return {
    key: String(which),
    run: (labels) => program.run(labels),
    compile: (names) => program.forNames(names),
  };
};
const provider = fc.constantFrom('p', 'q');
const jobs: fc.Arbitrary<readonly EngineJob[]> = fc.uniqueArray(
  fc.record({
    name: fc.constantFrom('j1', 'j2', 'j3'),
    providers: fc.uniqueArray(provider),
    filter: fc.option(fc.nat(rules.length - 1).map(filterOf), { nil: undefined }),
  }),
  { selector: ({ name }) => name },
);
const collectors = fc
  .uniqueArray(fc.nat(4), { maxLength: 4 })
  .map((all) => all.map((n) => ({ name: `c${String(n)}`, node: `n${String(n)}` })));

/** The state of the world, which changes make and a process that begins now would be given. */
interface World {
  readonly groups: ReadonlyMap<string, readonly [provider: string, group: TargetGroup]>;
  readonly jobs: readonly EngineJob[];
  readonly collectors: readonly { readonly name: string; readonly node: string }[];
}
interface Change {
  /** What of the world is another one afterwards. */
  readonly of: (world: World) => World;
  readonly to: (engine: AllocationEngine) => Generator<void, void>;
  /** All jobs change at once, not each at its own time. */
  readonly isAtOnce: boolean;
}

const change: fc.Arbitrary<Change> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.tuple(provider, group).map(([name, state]): Change => ({
      of: (world) => ({
        ...world,
        groups: new Map(world.groups).set(`${name} ${state.source}`, [name, state]),
      }),
      to: (engine) => engine.applyGroup(name, state),
      isAtOnce: false,
    })),
  },
  {
    weight: 1,
    arbitrary: provider.map((name): Change => ({
      of: (world) => ({
        ...world,
        groups: new Map([...world.groups].filter(([, [of]]) => of !== name)),
      }),
      to: (engine) => engine.removeProvider(name),
      isAtOnce: false,
    })),
  },
  {
    weight: 2,
    arbitrary: jobs.map((all): Change => ({
      of: (world) => ({ ...world, jobs: all }),
      to: (engine) => engine.setJobs(all),
      isAtOnce: false,
    })),
  },
  {
    weight: 2,
    arbitrary: collectors.map((all): Change => ({
      of: (world) => ({ ...world, collectors: all }),
      to: (engine) => engine.setCollectors(all),
      isAtOnce: true,
    })),
  },
);
const beginning: fc.Arbitrary<World> = fc.record({
  groups: fc.constant(new Map()),
  jobs: jobs.filter((all) => all.length > 0),
  collectors: collectors.filter((all) => all.length > 0),
});

function begin(strategy: AllocationStrategy, world: World, jobsFirst: boolean): AllocationEngine {
  const engine = engineWith(strategy);
  if (jobsFirst) runToEnd(engine.setJobs(world.jobs));
  runToEnd(engine.setCollectors(world.collectors));
  for (const [name, state] of world.groups.values()) runToEnd(engine.applyGroup(name, state));
  runToEnd(engine.setJobs(world.jobs));
  return engine;
}

/** What is served for each job now: its numbers and every collector's answer. */
function served(engine: AllocationEngine): ReadonlyMap<string, string> {
  const fleet = engine.collectors.map(({ name }) => name);
  return new Map(
    engine.jobs().map((summary) => {
      const bodies = fleet.map((name) => decoder.decode(engine.targetsBody(summary.job, name)));
      return [summary.job, JSON.stringify([summary, fleet, bodies])];
    }),
  );
}
/** Differs when what is served may differ; far cheaper to make. */
const marks = (engine: AllocationEngine): string =>
  JSON.stringify([
    engine.jobs(),
    engine.collectors.map(({ name }) =>
      engine.jobs().map(({ job }) => [name, engine.targetsVersion(job, name)]),
    ),
  ]);

/** Does the work, and gives all that was served at a yield, beside what is served in the end. */
function watched(
  engine: AllocationEngine,
  work: Iterator<void, void>,
): readonly ReadonlyMap<string, string>[] {
  const states = new Map<string, ReadonlyMap<string, string>>();
  while (work.next().done !== true) {
    const mark = marks(engine);
    if (!states.has(mark)) states.set(mark, served(engine));
  }
  return [...states.values()];
}

const strategies: readonly (readonly [string, AllocationStrategy])[] = [
  ['by key', byKey],
  ['by node', byNode],
  ['with stickiness', leastLoaded],
];

describe.each(strategies)('at each yield of any change, placed %s', (_name, strategy) => {
  it('a job is served as it was or as it will be, and all jobs alike when collectors change', () => {
    let yields = 0;
    const property = fc.property(
      beginning,
      fc.array(change, { maxLength: 6 }),
      (world, changes) => {
        const engine = begin(strategy, world, true);
        for (const { to, isAtOnce } of changes) {
          const before = served(engine);
          const between = watched(engine, to(engine));
          const after = served(engine);
          yields += between.length;
          for (const state of between) {
            for (const [job, answer] of state) {
              expect(answer === before.get(job) || answer === after.get(job)).toBe(true);
            }
            if (isAtOnce) expect([[...before], [...after]]).toContainEqual([...state]);
          }
        }
      },
    );
    fc.assert(property, { numRuns: 40 });
    expect(yields).toBeGreaterThan(80);
  });
});

describe.each(strategies.slice(0, 2))('after any history, placed %s', (_name, strategy) => {
  it('everything is as in a process that begins with the final state', () => {
    const property = fc.property(
      beginning,
      fc.array(change, { maxLength: 10 }),
      fc.boolean(),
      (first, changes, jobsFirst) => {
        let world = first;
        const engine = begin(strategy, world, true);
        for (const { to, of } of changes) {
          runToEnd(to(engine));
          world = of(world);
        }
        const fresh = begin(strategy, world, jobsFirst);
        expect([...served(engine)]).toEqual([...served(fresh)]);
        expect(seen(engine)).toEqual(seen(fresh));
      },
    );
    fc.assert(property, { numRuns: 40 });
  });
});

describe('after any history, placed with stickiness', () => {
  /** Every target of every job, and how many collectors have it. */
  function shares(engine: AllocationEngine): ReadonlyMap<string, number> {
    const found = new Map<string, number>();
    for (const { job } of engine.jobs()) {
      const answers = engine.collectors.flatMap(
        ({ name }) => JSON.parse(decoder.decode(engine.targetsBody(job, name))) as unknown[],
      );
      for (const answer of answers) {
        const target = `${job} ${JSON.stringify(answer)}`;
        found.set(target, (found.get(target) ?? 0) + 1);
      }
    }
    return new Map([...found].sort(([a], [b]) => (a < b ? -1 : 1)));
  }

  it('the same targets are served as in a process that begins with the final state, each by one', () => {
    const property = fc.property(
      beginning,
      fc.array(change, { maxLength: 10 }),
      (first, changes) => {
        let world = first;
        const engine = begin(leastLoaded, world, true);
        for (const { to, of } of changes) {
          runToEnd(to(engine));
          world = of(world);
        }
        const fresh = begin(leastLoaded, world, false);
        expect(engine.jobs()).toEqual(fresh.jobs());
        const present = shares(engine);
        expect([...present.keys()]).toEqual([...shares(fresh).keys()]);
        expect([...present.values()].every((owners) => owners === 1)).toBe(true);
        const counted = engine.collectors.reduce(
          (n, c) => n + engine.targetsPerCollector(c.name),
          0,
        );
        expect(counted).toBe([...present.values()].reduce((sum, n) => sum + n, 0));
      },
    );
    fc.assert(property, { numRuns: 40 });
  });
});

describe('ways to a collector that spare work', () => {
  const ways: readonly (readonly [string, AllocationStrategy, AllocationStrategy])[] = [
    ['keys', byKey, { prepare: (fleet) => byKey.prepare(fleet) }],
    ['the labels that are read alone', byNode, { prepare: (fleet) => byNode.prepare(fleet) }],
    ['stickiness', leastLoaded, { prepare: (fleet) => leastLoaded.prepare(fleet) }],
  ];
  it.each(ways)('%s: lead where the strategy itself leads', (_name, quick, plain) => {
    const property = fc.property(
      beginning,
      fc.array(change, { maxLength: 6 }),
      (world, changes) => {
        const one = begin(quick, world, true);
        const other = begin(plain, world, true);
        for (const { to } of changes) {
          runToEnd(to(one));
          runToEnd(to(other));
        }
        expect([...served(one)]).toEqual([...served(other)]);
      },
    );
    fc.assert(property, { numRuns: 25 });
  });
});
