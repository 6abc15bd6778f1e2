import { readdir } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect } from 'vitest';
import type { Allocator } from '../../fixtures/allocator.js';
import { eventually } from '../../fixtures/eventually.js';
import { countObjects } from './heap-objects.js';
import { Inspector } from './inspector.js';

/** What a process holds on to, once all garbage is gone. */
export interface Footprint {
  readonly heapBytes: number;
  /** Objects on the heap by the name of their class; see {@link countObjects}. */
  readonly objects: ReadonlyMap<string, number>;
  /** What keeps Node's event loop busy, by kind: timers, sockets, watched folders. */
  readonly resources: ReadonlyMap<string, number>;
  readonly openFiles: number;
  readonly threads: number;
  /** Lines of `/metrics` that are series. */
  readonly metricSeries: number;
}

const mib = 1024 * 1024;

/** Without those of kinds of garbage collection, each of which begins when there has been one. */
const isSeries = (line: string): boolean => /^(?!nodejs_gc_)[a-z]/i.test(line);

/** What comes and goes: files that are read and connections that are answered in a moment are none of it. */
type Standing = Pick<Footprint, 'resources' | 'openFiles' | 'metricSeries'>;

const moments = 5;
const betweenMomentsMs = 300;

/** The allocator must have been started with {@link inspectable}. */
export async function footprintOf(allocator: Allocator): Promise<Footprint> {
  const { program } = allocator;
  await allSeries(allocator);
  const inspector = await Inspector.connect(program);
  try {
    let standing = await standingAt(allocator, inspector);
    for (let moment = 1; moment < moments; moment += 1) {
      await sleep(betweenMomentsMs);
      standing = lasting(standing, await standingAt(allocator, inspector));
    }
    await inspector.collectGarbage();
    const heapBytes = await inspector.heapBytes();
    return {
      ...standing,
      heapBytes,
      objects: countObjects(await inspector.heapSnapshot()),
      threads: await entriesOf(`/proc/${String(program.pid)}/task`),
    };
  } finally {
    await inspector.close();
  }
}

/** That it was asked is a series from the second time on, and the digest is computed some seconds after the first. */
async function allSeries(allocator: Allocator): Promise<void> {
  await eventually('there is a digest', async () => {
    const { text } = await allocator.get('/metrics');
    return text.includes('\nopentelemetry_allocator_assignment_digest{') || undefined;
  });
}

async function standingAt(allocator: Allocator, inspector: Inspector): Promise<Standing> {
  const metrics = await allocator.get('/metrics');
  const resources = await inspector.evaluate('process.getActiveResourcesInfo()');
  return {
    resources: countEach(resources as readonly string[]),
    openFiles: await entriesOf(`/proc/${String(allocator.program.pid)}/fd`),
    metricSeries: metrics.text.split('\n').filter(isSeries).length,
  };
}

/** What there was at both moments. */
function lasting(a: Standing, b: Standing): Standing {
  const both = [...a.resources].map(
    ([name, count]) => [name, Math.min(count, b.resources.get(name) ?? 0)] as const,
  );
  return {
    resources: new Map(both.filter(([, count]) => count > 0)),
    openFiles: Math.min(a.openFiles, b.openFiles),
    metricSeries: Math.min(a.metricSeries, b.metricSeries),
  };
}

/** Fails unless the process holds on to no more than before. */
export function expectNoGrowth(before: Footprint, after: Footprint): void {
  console.log(describeGrowth(before, after));
  // Rests of what V8 compiles and learns while it runs, and columns that have room for a few more rows.
  expect(after.heapBytes).toBeLessThanOrEqual(before.heapBytes * 1.1 + 2 * mib);
  expect(grown(before.objects, after.objects, { share: 0.05, count: 40 })).toEqual([]);
  // Timers that happen to run: of a poll under way, of a connection that is just being closed.
  expect(grown(before.resources, after.resources, { share: 0, count: 5 })).toEqual([]);
  expect(after.openFiles).toBeLessThanOrEqual(before.openFiles + 5);
  expect(after.threads).toBeLessThanOrEqual(before.threads);
  expect(after.metricSeries).toBeLessThanOrEqual(before.metricSeries);
}

/** What is known to fill up slowly, and why it ends. */
const slowlyFull: ReadonlyMap<string, number> = new Map([
  // The pool of label values has 65,536 places, which most of 20,000 targets' values share out at once.
  ['(string)', 10_000],
  // A summary's quantiles come from at most 2,500 points in each of the five parts of its ten minutes.
  ['Node', 12_500],
  // Node keeps a list for each length of a wait, in milliseconds, until the wait would have ended: a minute at most.
  ['TimersList', 1_000],
  // Names of labels in the order in which lists have them: 2,048 steps at most, then it begins anew. With each goes the
  // name in words of bytes, and an array of names with what it was found in.
  ...['NameStep', 'QuotedName', 'ArrayBuffer', 'Int32Array', 'WeakRef', 'Map', '(array)'].map(
    (name) => [name, 2_048] as const,
  ),
  ['system / JSArrayBufferData', 2_048],
  // The tree of names forgets nodes that lead nowhere any more only when there are three for each name in use.
  ['Object', 2_500],
  // What a source said last is held until it says more.
  ['ColumnGroup', 250],
]);

interface Tolerance {
  readonly share: number;
  readonly count: number;
}

type Counts = ReadonlyMap<string, number>;

/** What there is more of than is tolerated, most growth first. */
export function grown(
  before: Counts,
  after: Counts,
  { share, count }: Tolerance,
): readonly string[] {
  return [...after]
    .map(([name, now]) => ({ name, now, then: before.get(name) ?? 0 }))
    .filter(({ name, now, then }) => now > then * (1 + share) + count + (slowlyFull.get(name) ?? 0))
    .sort((a, b) => b.now - b.then - (a.now - a.then))
    .map(({ name, now, then }) => `${name}: ${String(then)} → ${String(now)}`);
}

function describeGrowth(before: Footprint, after: Footprint): string {
  const figures = (of: Footprint): string =>
    `heap ${(of.heapBytes / mib).toFixed(1)} MiB, ${String(of.openFiles)} open files, ` +
    `${String(of.threads)} threads, ${String(of.metricSeries)} series, ` +
    JSON.stringify(Object.fromEntries(of.resources));
  const classes = grown(before.objects, after.objects, { share: 0, count: 10 });
  return [
    `before: ${figures(before)}`,
    `after:  ${figures(after)}`,
    `more objects: ${classes.slice(0, 25).join(', ')}`,
  ].join('\n');
}

function countEach(names: readonly string[]): Counts {
  const counts = new Map<string, number>();
  for (const name of names) counts.set(name, (counts.get(name) ?? 0) + 1);
  return counts;
}

async function entriesOf(folder: string): Promise<number> {
  return (await readdir(folder)).length;
}
