import fc from 'fast-check';
import { expect } from 'vitest';
import { labelSetOf, type LabelSet } from '../../labels/label-set.js';
import type { JobFilter } from '../../target/target-filter.js';
import type { TargetGroup } from '../../target/target-group.js';
import type { Collector } from '../collector.js';
import { AllocationEngine, type EngineJob } from '../engine.js';
import type { AllocationStrategy } from '../strategy.js';
import type { ReferenceAllocation } from './reference-allocation.js';

const decoder = new TextDecoder();

/** A filter that drops some labels and some targets; the names tell its rule. */
function filter(key: string, compiles: boolean): JobFilter {
  const dropped = key.split(',');
  const without = (labels: LabelSet): LabelSet | undefined =>
    labels['a'] === 'drop'
      ? undefined
      : labelSetOf(Object.entries(labels).filter(([name]) => !dropped.includes(name)));
  return {
    key: `${key} ${String(compiles)}`,
    run: without,
    ...(compiles && {
      compile: (names: readonly string[]) => {
        const outputNames = names.filter((name) => !dropped.includes(name));
        const a = names.indexOf('a');
        return {
          outputNames,
          run(input: readonly string[], output: string[]) {
            outputNames.forEach((name, i) => (output[i] = input[names.indexOf(name)] ?? ''));
            return a < 0 || input[a] !== 'drop';
          },
        };
      },
    }),
  };
}

const names = ['a', 'b', '__address__', '__meta_node', '__meta_x', '__proto__', 'é\u{1f600}'];
const value = fc.constantFrom('', 'x', 'y', 'drop', 'n1', 'n2', '"\\\n\u2028\ud800<é😀');
const anyLabels = fc
  .array(fc.tuple(fc.constantFrom(...names), value), { maxLength: 5 })
  .map((entries) => labelSetOf(entries));
/** A few targets that come again and again, with other meta labels and in other orders. */
const knownTarget = fc
  .tuple(fc.constantFrom('x', 'y', 'n1'), fc.constantFrom('', 'x'), fc.constantFrom('n1', 'n2'))
  .map(([address, x, node]) =>
    labelSetOf([
      ['__address__', address],
      ['__meta_x', x],
      ['__meta_node', node],
    ]),
  );
const groupLabels = fc.oneof({ weight: 2, arbitrary: fc.constant(labelSetOf([])) }, anyLabels);
/** Names of providers. */
export const provider = fc.constantFrom('p1', 'p2', 'p3');
/** Groups whose labels are few and often collide, odd names and values among them. */
export const group: fc.Arbitrary<TargetGroup> = fc.record({
  source: fc.constantFrom('s1', 's2', 's3'),
  labels: groupLabels,
  targets: fc.array(fc.oneof(knownTarget, anyLabels), { maxLength: 5 }),
});
const job: fc.Arbitrary<EngineJob> = fc.record({
  name: fc.constantFrom('j1', 'j2', 'é'),
  providers: fc.array(provider, { maxLength: 3 }),
  filter: fc.option(
    fc
      .tuple(fc.constantFrom('', 'b', '__address__,b', '__address__,a,b,__proto__'), fc.boolean())
      .map(([key, compiles]) => filter(key, compiles)),
    { nil: undefined },
  ),
});
/** Sets of jobs that share providers and differ in filters. */
export const jobs = fc.uniqueArray(job, { selector: ({ name }) => name, maxLength: 3 });
const collector: fc.Arbitrary<Collector> = fc.record({
  name: fc.constantFrom('c1', 'c2', 'c3', 'ü'),
  node: fc.constantFrom('n1', 'n2', 'x'),
});
/** Sets of collectors, two of them on one node among them. */
export const collectors = fc.uniqueArray(collector, { selector: ({ name }) => name, maxLength: 4 });

/** Something that happens to an engine. */
export type Event =
  | { readonly type: 'group'; readonly provider: string; readonly group: TargetGroup }
  | { readonly type: 'provider'; readonly provider: string }
  | { readonly type: 'jobs'; readonly jobs: readonly EngineJob[] }
  | { readonly type: 'collectors'; readonly collectors: readonly Collector[] };

const event: fc.Arbitrary<Event> = fc.oneof(
  { weight: 8, arbitrary: fc.record({ type: fc.constant('group'), provider, group }) },
  { weight: 1, arbitrary: fc.record({ type: fc.constant('provider'), provider }) },
  { weight: 2, arbitrary: fc.record({ type: fc.constant('jobs'), jobs }) },
  { weight: 2, arbitrary: fc.record({ type: fc.constant('collectors'), collectors }) },
);
/** What can happen to an engine, in any order. */
export const history = fc.array(event, { maxLength: 30 });

/** The fewest events that come to the same groups, jobs and collectors as all of these. */
export function essenceOf(events: readonly Event[]): readonly Event[] {
  const last = new Map<string, Event>();
  for (const e of events) {
    if (e.type === 'group') last.set(JSON.stringify([e.provider, e.group.source]), e);
    else if (e.type !== 'provider') last.set(e.type, e);
    else
      for (const [key, former] of last)
        if (former.type === 'group' && former.provider === e.provider) last.delete(key);
  }
  return [...last.values()];
}

/** The work that an event gives an engine. */
export function apply(to: AllocationEngine, e: Event): Generator<void, void> {
  switch (e.type) {
    case 'group':
      return to.applyGroup(e.provider, e.group);
    case 'provider':
      return to.removeProvider(e.provider);
    case 'jobs':
      return to.setJobs(e.jobs);
    case 'collectors':
      return to.setCollectors(e.collectors);
  }
}

/** Does work that may be interrupted without interrupting it. */
export function runToEnd(work: Iterator<void, void>): void {
  while (work.next().done !== true);
}

/** Tells the reference of an event. */
export function applyPlainly(to: ReferenceAllocation, e: Event): void {
  if (e.type === 'group') to.applyGroup(e.provider, e.group);
  else if (e.type === 'provider') to.removeProvider(e.provider);
  else if (e.type === 'jobs') to.setJobs(e.jobs);
  else to.setCollectors(e.collectors);
}

/** An engine with nothing in it. */
export const engineWith = (strategy: AllocationStrategy, hashSeed = 42): AllocationEngine =>
  new AllocationEngine({ strategy, hashSeed });

function body(engine: AllocationEngine, jobName: string, collectorName: string): string {
  return decoder.decode(engine.targetsBody(jobName, collectorName));
}

/** Everything that the view says of a job, in one comparable value. */
export function seen(engine: AllocationEngine): unknown {
  return engine.jobs().map((summary) => ({
    ...summary,
    bodies: engine.collectors.map(({ name }) => [name, body(engine, summary.job, name)]),
    unassigned: [...engine.targets({ job: summary.job, collector: null })].map((t) => t.labels),
  }));
}

/** Fails unless the engine shows exactly what the reference comes to. */
export function expectEqual(engine: AllocationEngine, reference: ReferenceAllocation): void {
  expect(engine.jobs().map((j) => j.job)).toEqual(reference.jobs.map((j) => j.name));
  for (const spec of reference.jobs) {
    const expected = reference.job(spec);
    const unassigned = expected.targets.filter((t) => t.collector === undefined);
    expect(engine.job(spec.name)).toEqual({
      job: spec.name,
      discovered: expected.discovered,
      remaining: expected.remaining,
      targets: expected.targets.length,
      unassigned: unassigned.length,
    });
    for (const { name } of reference.collectors) {
      const own = expected.targets.filter((t) => t.collector === name);
      expect(body(engine, spec.name, name)).toBe(
        JSON.stringify(own.map((t) => ({ targets: [t.address], labels: t.labels }))),
      );
      expect(engine.targetsOfJob(name, spec.name)).toBe(own.length);
    }
    const listed = [...engine.targets({ job: spec.name, collector: null })];
    expect(listed.map((t) => JSON.stringify(t.labels)).sort()).toEqual(
      unassigned.map((t) => JSON.stringify(t.labels)).sort(),
    );
    expect(listed.every((t) => t.reason !== undefined && t.reason !== '')).toBe(true);
  }
  for (const { name } of reference.collectors) {
    const sum = reference.jobs.reduce((n, j) => n + engine.targetsOfJob(name, j.name), 0);
    expect(engine.targetsPerCollector(name)).toBe(sum);
  }
}
