import { beforeAll, describe, expect, it } from 'vitest';
import { loadXxhash64 } from '../hash/xxhash64.js';
import { set } from './testing/engine-fixtures.js';
import { at, filterOf, group, start } from './testing/engine-fixtures.js';
import { resultOf } from './testing/decided-targets.js';
import { runToEnd } from './testing/histories.js';
import { leastLoaded } from './testing/strategies.js';

beforeAll(loadXxhash64);

const many = (from: number, to: number) =>
  Array.from({ length: to - from }, (_, i) => at(`h:${i + from}`));

describe('the targets that collectors have, for other processes', () => {
  it('are those of the present answers, one element for each collector asked about', () => {
    const engine = start({ strategy: leastLoaded });
    runToEnd(engine.applyGroup('p', group('s', ...many(0, 8))));
    const owned = resultOf(engine.owners('job', ['c', 'nobody', 'a']));
    expect(owned.map(({ collector, high, low }) => [collector, high.length, low.length])).toEqual([
      ['c', 2, 2],
      ['nobody', 0, 0],
      ['a', 3, 3],
    ]);
    expect(owned.map(({ version }) => version)).toEqual([
      engine.targetsVersion('job', 'c'),
      0,
      engine.targetsVersion('job', 'a'),
    ]);
    expect(engine.versions('job').get('a')).toBe(engine.targetsVersion('job', 'a'));
    expect(resultOf(engine.owners('unknown', ['a'])).map(({ version }) => version)).toEqual([0]);
  });

  it('are of one state although the job changes while they are read', () => {
    const engine = start({ strategy: leastLoaded }, undefined, ['a', 'b']);
    runToEnd(engine.applyGroup('p', group('s', ...many(0, 4000))));
    const work = engine.owners('job', ['a', 'b']);
    for (let i = 0; i < 10; i++) work.next();
    runToEnd(engine.applyGroup('p', group('s', ...many(100, 4100))));
    for (let i = 0; i < 10; i++) work.next();
    runToEnd(engine.applyGroup('p', group('t', ...many(5000, 5001))));
    const owned = resultOf(work);
    expect(owned).toEqual(resultOf(engine.owners('job', ['a', 'b'])));
    expect(owned.map(({ high }) => high.length)).toEqual(
      ['a', 'b'].map((name) => engine.targetsPerCollector(name)),
    );
    const different = new Set(
      owned.flatMap(({ high, low }) => [...high].map((h, i) => `${h} ${low[i]}`)),
    );
    expect(different.size).toBe(4001);
  });

  it('tell which jobs have changed since', () => {
    const engine = start({ strategy: leastLoaded });
    const { generation } = engine;
    expect(engine.changedJobs(generation)).toEqual([]);
    runToEnd(engine.applyGroup('p', group('s', at('x'))));
    expect(engine.changedJobs(generation)).toEqual(['job']);
    const later = engine.generation;
    runToEnd(engine.applyGroup('q', group('s', at('x'))));
    expect(engine.changedJobs(later)).toEqual([]);
    runToEnd(engine.setCollectors([{ name: 'a' }]));
    expect(engine.changedJobs(later)).toEqual(['job']);
    runToEnd(engine.setJobs([]));
    expect(engine.changedJobs(0)).toEqual([]);
  });

  it('are worked out once for each target, and only when somebody asks', () => {
    const filter = filterOf((labels) => set({ id: labels['__address__'] ?? '' }));
    const engine = start({ strategy: leastLoaded }, filter);
    runToEnd(engine.applyGroup('p', group('s', ...many(0, 20))));
    expect(filter.runs).toBe(20);
    resultOf(engine.owners('job', ['a', 'b', 'c']));
    expect(filter.runs).toBe(40);
    resultOf(engine.owners('job', ['a', 'b', 'c']));
    runToEnd(engine.applyGroup('p', group('s', ...many(1, 21))));
    resultOf(engine.owners('job', ['a', 'b', 'c']));
    expect(filter.runs).toBe(42);
  });
});
