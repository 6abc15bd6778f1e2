import { beforeAll, describe, expect, it } from 'vitest';
import { loadXxhash64 } from '../hash/xxhash64.js';
import { labelSetOf } from '../labels/label-set.js';
import type { JobFilter } from '../target/target-filter.js';
import type { TargetGroup } from '../target/target-group.js';
import type { AllocationEngine, EngineJob } from './engine.js';
import { engineWith, expectEqual, runToEnd } from './testing/histories.js';
import { ReferenceAllocation } from './testing/reference-allocation.js';
import { byKey, byNode, leastLoaded } from './testing/strategies.js';

beforeAll(loadXxhash64);

const decoder = new TextDecoder();
const SIZE = 5000;

/** Drops a tenth of the targets and makes every seventh equal to its neighbour. */
const filter: JobFilter = {
  key: 'f',
  run: (labels) =>
    labels['id']?.endsWith('3') === true ? undefined : labelSetOf([['i', labels['id'] ?? '']]),
};
function groupOf(source: string, from: number, to: number, change = ''): TargetGroup {
  const targets = [];
  for (let i = from; i < to; i++) {
    targets.push(
      labelSetOf([
        ['__address__', `10.0.${i % 251}:${i}`],
        ['__meta_node', `n${i % 4}`],
        ['id', String(i % 7 === 0 ? i + 1 : i)],
        ...(i % 97 === 0 ? [['__meta_change', change] as const] : []),
      ]),
    );
  }
  return { source, labels: labelSetOf([['__meta_g', source]]), targets };
}
const jobs: readonly EngineJob[] = [
  { name: 'filtered', providers: ['p', 'q'], filter },
  { name: 'plain', providers: ['p'], filter: undefined },
];
const fleet = (...names: string[]): { name: string; node: string }[] =>
  names.map((name, i) => ({ name, node: `n${i}` }));

/** What everybody would be served now. */
function snapshot(engine: AllocationEngine): string {
  const bodies = engine
    .jobs()
    .flatMap(({ job }) =>
      engine.collectors.map(({ name }) => decoder.decode(engine.targetsBody(job, name))),
    );
  return JSON.stringify([engine.jobs(), bodies]);
}

describe.each([
  ['by key', byKey],
  ['by node', byNode],
  ['with stickiness', leastLoaded],
])('large changes, placed %s', (_name, strategy) => {
  it('are done in many steps, and no step shows half of a change of collectors', () => {
    const engine = engineWith(strategy);
    runToEnd(engine.setJobs(jobs));
    runToEnd(engine.setCollectors(fleet('a', 'b', 'c')));
    runToEnd(engine.applyGroup('p', groupOf('s', 0, SIZE)));
    const before = snapshot(engine);
    const work = engine.setCollectors(fleet('a', 'c', 'd', 'e'));
    let steps = 0;
    while (work.next().done !== true) {
      steps++;
      expect(snapshot(engine) === before).toBe(true);
    }
    expect(steps).toBeGreaterThan(5);
    expect(engine.collectors.map((c) => c.name)).toEqual(['a', 'c', 'd', 'e']);
    expect(snapshot(engine) === before).toBe(false);
  });

  it('of a group show each job either its former or its new state', () => {
    const engine = engineWith(strategy);
    runToEnd(engine.setJobs(jobs.slice(0, 1)));
    runToEnd(engine.setCollectors(fleet('a', 'b', 'c')));
    runToEnd(engine.applyGroup('p', groupOf('s', 0, SIZE)));
    const seen = new Set([snapshot(engine)]);
    const work = engine.applyGroup('p', groupOf('s', 1000, SIZE + 700, 'x'));
    let steps = 0;
    while (work.next().done !== true) {
      steps++;
      seen.add(snapshot(engine));
    }
    seen.add(snapshot(engine));
    expect(steps).toBeGreaterThan(5);
    expect(seen.size).toBe(2);
  });
});

describe.each([
  ['by key', byKey],
  ['by node', byNode],
])('large groups, placed %s', (_name, strategy) => {
  it('come to what the plain rules say after each change', () => {
    const engine = engineWith(strategy);
    const reference = new ReferenceAllocation(strategy);
    const collectors = fleet('a', 'b', 'c');
    runToEnd(engine.setJobs(jobs));
    runToEnd(engine.setCollectors(collectors));
    reference.setJobs(jobs);
    reference.setCollectors(collectors);
    const changes: readonly (readonly [string, TargetGroup])[] = [
      ['p', groupOf('s', 0, SIZE)],
      ['p', groupOf('s', 0, SIZE, 'x')],
      ['q', groupOf('s', SIZE - 900, SIZE + 900)],
      ['p', groupOf('s', 3, SIZE - 700, 'x')],
      ['p', { ...groupOf('s', 0, 4000), targets: groupOf('s', 0, 4000).targets.toReversed() }],
      ['p', groupOf('t', 100, 1100)],
      ['p', groupOf('s', 0, 0)],
      ['q', groupOf('s', 0, 0)],
    ];
    for (const [provider, group] of changes) {
      runToEnd(engine.applyGroup(provider, group));
      reference.applyGroup(provider, group);
      expectEqual(engine, reference);
    }
  });
});
