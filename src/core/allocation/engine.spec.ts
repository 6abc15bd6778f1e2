import { beforeAll, describe, expect, it } from 'vitest';
import { loadXxhash64 } from '../hash/xxhash64.js';
import type { LabelSet } from '../labels/label-set.js';
import {
  at,
  filterOf,
  group,
  job,
  only,
  owners,
  set,
  start,
  text,
} from './testing/engine-fixtures.js';
import { engineWith, runToEnd } from './testing/histories.js';
import { byKey, byNode, leastLoaded } from './testing/strategies.js';

beforeAll(loadXxhash64);

describe('a changed group', () => {
  it('that is equal to the former one changes nothing, not even the bytes object', () => {
    const engine = start({}, undefined, ['a']);
    runToEnd(engine.applyGroup('p', group('s', at('h:1', { x: '1', y: '2' }), at('h:2'))));
    const body = engine.targetsBody('job', 'a');
    const { generation } = engine;
    runToEnd(engine.applyGroup('p', group('s', at('h:1', { y: '2', x: '1' }), at('h:2'))));
    expect(engine.generation).toBe(generation);
    expect(engine.targetsBody('job', 'a')).toBe(body);
  });

  it('makes only those answers stale that it touches', () => {
    const engine = start({ strategy: byNode });
    const on = (node: string, x: string): LabelSet => at(`${node}:1`, { __meta_node: node, x });
    runToEnd(engine.applyGroup('p', group('s', on('node-a', '1'), on('node-b', '1'))));
    const [a, b] = [engine.targetsBody('job', 'a'), engine.targetsBody('job', 'b')];
    const version = engine.targetsVersion('job', 'a');
    runToEnd(engine.applyGroup('p', group('s', on('node-a', '1'), on('node-b', '2'))));
    expect(engine.targetsBody('job', 'a')).toBe(a);
    expect(engine.targetsVersion('job', 'a')).toBe(version);
    expect(engine.targetsBody('job', 'b')).not.toEqual(b);
  });

  it('is filtered only where it differs', () => {
    const filter = filterOf((labels) => labels);
    const engine = start({}, filter);
    const targets = Array.from({ length: 50 }, (_, i) => at(`h:${i}`));
    runToEnd(engine.applyGroup('p', group('s', ...targets)));
    filter.runs = 0;
    const changed = [at('new:1'), ...targets.slice(0, 20), at('h:20', { x: '1' })];
    runToEnd(engine.applyGroup('p', group('s', ...changed, ...targets.slice(21))));
    expect(engine.job('job')?.targets).toBe(51);
    expect(filter.runs).toBe(2);
  });

  it('whose targets come in another order gives them in that order', () => {
    const engine = start({}, undefined, ['a']);
    runToEnd(engine.applyGroup('p', group('s', at('h:1'), at('h:2'), at('h:3'))));
    const before = text(engine, 'a');
    runToEnd(engine.applyGroup('p', group('s', at('h:2'), at('h:1'), at('h:3'))));
    expect(text(engine, 'a').indexOf('h:2')).toBeLessThan(text(engine, 'a').indexOf('h:1'));
    expect(text(engine, 'a')).toHaveLength(before.length);
  });

  it('without targets is gone', () => {
    const engine = start({}, undefined, ['a']);
    runToEnd(engine.applyGroup('p', group('s', at('h:1'))));
    runToEnd(engine.applyGroup('p', group('s')));
    expect(text(engine, 'a')).toBe('[]');
    expect(engine.job('job')).toMatchObject({ discovered: 0, remaining: 0, targets: 0 });
  });
});

describe('a target that keeps its identity', () => {
  it('is served with its newest meta labels by the collector that has it', () => {
    const engine = start({ strategy: leastLoaded });
    const first = at('h:1', { __meta_pod: 'old' });
    runToEnd(engine.applyGroup('p', group('s', first, at('h:2'), at('h:3'), at('h:4'))));
    const before = owners(engine);
    expect(text(engine, before['h:1'] ?? '')).toContain('"__meta_pod":"old"');
    runToEnd(engine.applyGroup('p', group('s', at('h:1', { __meta_pod: 'new' }), at('h:4'))));
    expect(owners(engine)).toEqual({ 'h:1': before['h:1'], 'h:4': before['h:4'] });
    expect(text(engine, before['h:1'] ?? '')).toContain('"__meta_pod":"new"');
  });

  it('keeps its collector when a changed filter or provider gives it again', () => {
    const engine = start({ strategy: leastLoaded }, only('id'));
    const targets = ['1', '2', '3', '4'].map((id) => at(`h:${id}`, { id, __meta_x: id }));
    runToEnd(engine.applyGroup('p', group('s', ...targets.slice(1))));
    runToEnd(engine.applyGroup('p', group('s', ...targets)));
    const before = owners(engine);
    runToEnd(engine.applyGroup('q', group('s', ...targets.toReversed())));
    runToEnd(engine.setJobs([{ name: 'job', providers: ['q'], filter: only('id') }]));
    expect(owners(engine)).toEqual(before);
    const widened = filterOf(
      (labels) => set({ id: labels['id'] ?? '' }),
      'the same by other rules',
    );
    runToEnd(engine.setJobs([{ name: 'job', providers: ['q'], filter: widened }]));
    expect(owners(engine)).toEqual(before);
  });
});

describe('equal targets', () => {
  it('of one group are one target, the last of them, and are counted before that', () => {
    const engine = start({}, only('id'), ['a']);
    const twins = [at('h:1', { id: '1' }), at('h:2', { id: '1' }), at('h:3', { id: '2' })];
    runToEnd(engine.applyGroup('p', group('s', ...twins)));
    expect(Object.keys(owners(engine))).toEqual(['h:2', 'h:3']);
    expect(engine.job('job')).toMatchObject({ discovered: 3, remaining: 3, targets: 2 });
    runToEnd(engine.applyGroup('p', group('s', at('h:1', { id: '1' }), at('h:2', { id: '9' }))));
    expect(Object.keys(owners(engine))).toEqual(['h:1', 'h:2']);
  });

  it('of several groups are one target; the next of them takes over its collector', () => {
    const engine = start({ strategy: leastLoaded }, only('id'));
    runToEnd(engine.applyGroup('p', group('filler', at('x:1', { id: 'x' }))));
    for (const source of ['s2', 's1', 's3']) {
      runToEnd(engine.applyGroup('p', group(source, at(`${source}:1`, { id: '1' }))));
    }
    const owner = owners(engine)['s3:1'];
    expect(owners(engine)).toEqual({ 's3:1': owner, 'x:1': 'a' });
    runToEnd(engine.applyGroup('p', group('s3')));
    expect(owners(engine)).toEqual({ 's2:1': owner, 'x:1': 'a' });
    runToEnd(engine.applyGroup('p', group('s2', at('s2:1', { id: '2' }))));
    expect(owners(engine)).toMatchObject({ 's1:1': owner, 'x:1': 'a' });
    expect(engine.job('job')).toMatchObject({ targets: 3, remaining: 3, unassigned: 0 });
  });

  it('of different jobs are two targets', () => {
    const engine = start({}, undefined, ['a']);
    runToEnd(engine.setJobs([job(undefined, 'one'), job(undefined, 'two')]));
    runToEnd(engine.applyGroup('p', group('s', at('h:1'))));
    expect(engine.targetsPerCollector('a')).toBe(2);
    expect([...engine.targets({})].map((t) => t.job)).toEqual(['one', 'two']);
  });
});

describe('when the collectors change', () => {
  it('targets that came first are assigned, and all of them again after all collectors were gone', () => {
    const engine = engineWith(byKey);
    runToEnd(engine.setJobs([job()]));
    runToEnd(engine.applyGroup('p', group('s', ...['1', '2', '3'].map((n) => at(`h:${n}`)))));
    expect([...engine.targets({})].map((t) => t.reason)).toEqual(Array(3).fill('no collectors'));
    const fleet = ['a', 'b'].map((name) => ({ name }));
    runToEnd(engine.setCollectors(fleet));
    const before = owners(engine);
    expect(engine.job('job')?.unassigned).toBe(0);
    runToEnd(engine.setCollectors([]));
    expect(engine.job('job')?.unassigned).toBe(3);
    runToEnd(engine.setCollectors(fleet.toReversed()));
    expect(owners(engine)).toEqual(before);
  });

  it('notices a collector made anew under its name on another node', () => {
    const engine = start({ strategy: byNode });
    runToEnd(engine.applyGroup('p', group('s', at('h:1', { __meta_node: 'elsewhere' }))));
    expect(owners(engine)).toEqual({ 'h:1': '-' });
    runToEnd(engine.setCollectors([{ name: 'a', node: 'elsewhere' }, { name: 'b' }]));
    expect(owners(engine)).toEqual({ 'h:1': 'a' });
  });

  it('does nothing when they are the same', () => {
    const engine = start({});
    const { generation, collectors } = engine;
    runToEnd(engine.setCollectors(collectors.toReversed().map((c) => ({ ...c }))));
    expect(engine.generation).toBe(generation);
  });

  it('keeps the bytes of collectors whose targets stay', () => {
    const engine = start({ strategy: leastLoaded });
    runToEnd(engine.applyGroup('p', group('s', ...['1', '2', '3'].map((n) => at(`h:${n}`)))));
    const body = engine.targetsBody('job', 'c');
    runToEnd(engine.setCollectors([{ name: '0' }, { name: 'c' }, { name: 'b' }, { name: 'z' }]));
    expect(engine.targetsBody('job', 'c')).toBe(body);
    expect(owners(engine)).toMatchObject({ 'h:1': '0', 'h:2': 'b', 'h:3': 'c' });
  });
});

describe('jobs', () => {
  it('are gone with everything of theirs when they are not listed any more', () => {
    const engine = start({ strategy: leastLoaded });
    runToEnd(engine.setJobs([job(), job(undefined, 'other')]));
    runToEnd(engine.applyGroup('p', group('s', at('h:1'), at('h:2'))));
    runToEnd(engine.setJobs([job(undefined, 'other')]));
    expect(engine.jobs().map((j) => j.job)).toEqual(['other']);
    expect(engine.job('job')).toBeUndefined();
    const loads = ['a', 'b', 'c'].map((c) => engine.targetsPerCollector(c));
    expect(loads.reduce((sum, n) => sum + n, 0)).toBe(2);
  });

  it('are filtered again from what is stored when their filter changes', () => {
    const engine = start(
      {},
      filterOf(() => undefined, 'drops all'),
    );
    runToEnd(engine.applyGroup('p', group('s', at('h:1'), at('h:2'))));
    expect(engine.job('job')).toMatchObject({ discovered: 2, remaining: 0 });
    runToEnd(engine.setJobs([job()]));
    expect(engine.job('job')).toMatchObject({ discovered: 2, remaining: 2, targets: 2 });
  });

  it('are not filtered again when the filter says that it is the same', () => {
    const engine = start(
      {},
      filterOf((labels) => labels, 'same'),
    );
    runToEnd(engine.applyGroup('p', group('s', at('h:1'))));
    const again = filterOf((labels) => labels, 'same');
    const body = engine.targetsBody('job', 'a');
    runToEnd(engine.setJobs([job(again)]));
    expect(again.runs).toBe(0);
    expect(engine.targetsBody('job', 'a')).toBe(body);
  });
});
