import { beforeAll, describe, expect, it } from 'vitest';
import { loadXxhash64 } from '../hash/xxhash64.js';
import { at, filterOf, group, job, owners, set, start, text } from './testing/engine-fixtures.js';
import { runToEnd } from './testing/histories.js';
import { byNode } from './testing/strategies.js';

beforeAll(loadXxhash64);

describe('answers', () => {
  it('for an unknown job or collector are empty lists of version 0', () => {
    const engine = start({});
    expect(text(engine, 'nobody')).toBe('[]');
    expect(engine.targetsVersion('job', 'nobody')).toBe(0);
    expect(new TextDecoder().decode(engine.targetsBody('none', 'a'))).toBe('[]');
    expect([...engine.targets({ collector: 'nobody' })]).toEqual([]);
  });

  it('have sorted names and escape every text as JSON does', () => {
    const engine = start({}, undefined, ['a']);
    const odd = '"\\\b\f\n\r\t\u0000\u001f\u007f\u2028é\u{1f600}\ud800<&>';
    const labels = { '\uffff': odd, '\u{1f600}': '', z: 'group', __proto__x: '', [odd]: odd };
    runToEnd(
      engine.applyGroup('p', {
        source: 's',
        labels: set({ z: 'hidden', a: odd }),
        targets: [at(odd, labels)],
      }),
    );
    const body = text(engine, 'a');
    expect(JSON.parse(body)).toEqual([
      { targets: [odd], labels: { __address__: odd, a: odd, ...labels } },
    ]);
    expect(body.indexOf('"\uffff"')).toBeLessThan(body.indexOf('"\u{1f600}"'));
  });

  it('are right when there is no room to keep them', () => {
    const engine = start({ maxBodyBytes: 1 });
    runToEnd(engine.applyGroup('p', group('s', ...['1', '2', '3', '4'].map((n) => at(`h:${n}`)))));
    const bodies = ['a', 'b', 'c'].map((c) => text(engine, c));
    expect(['a', 'b', 'c'].map((c) => text(engine, c))).toEqual(bodies);
    expect(bodies.flatMap((body) => JSON.parse(body) as unknown[])).toHaveLength(4);
  });
});

describe('lists of targets', () => {
  it('are sorted by job and address, and are found by hash', () => {
    const engine = start({});
    runToEnd(engine.setJobs([job(undefined, 'z'), job(undefined, 'b')]));
    runToEnd(engine.applyGroup('p', group('s', at('h:2'), at('h:1'))));
    const all = [...engine.targets({})];
    expect(all.map((t) => `${t.job} ${t.address}`)).toEqual(['b h:1', 'b h:2', 'z h:1', 'z h:2']);
    const [, second] = all;
    expect([...engine.targets({ hash: second?.hash ?? '' })].map((t) => t.address)).toEqual([
      'h:2',
    ]);
    expect(new Set(all.map((t) => t.hash)).size).toBe(4);
  });

  it('tell why a target has no collector', () => {
    const engine = start({ strategy: byNode });
    runToEnd(engine.applyGroup('p', group('s', at('h:1', { __meta_node: 'n7' }))));
    const [target] = [...engine.targets({ collector: null })];
    expect(target).toMatchObject({ collector: undefined, reason: 'nobody on n7' });
    expect([...engine.targets({ collector: 'a' })]).toEqual([]);
  });
});

describe('a policy that throws', () => {
  it('as a strategy leaves that target alone unassigned, with the reason, and is counted', () => {
    const told: unknown[] = [];
    const engine = start({
      strategy: {
        prepare: () => (target) => {
          if (target.address === 'bad:1') throw new TypeError('boom');
          return target.address === 'odd:1' ? 'nobody' : 'a';
        },
      },
      onPolicyError: (error) => told.push(error),
    });
    runToEnd(engine.applyGroup('p', group('s', at('bad:1'), at('ok:1'), at('odd:1'))));
    expect(owners(engine)).toEqual({ 'bad:1': '-', 'ok:1': 'a', 'odd:1': '-' });
    expect([...engine.targets({ collector: null })].map((t) => t.reason)).toEqual([
      'strategy failed: boom',
      'strategy failed: it chose "nobody", which is no collector',
    ]);
    expect(engine.policyErrors).toEqual({ filter: 0, strategy: 2 });
    expect(told).toContainEqual({ kind: 'strategy', job: 'job', message: 'boom' });
  });

  it('as a strategy that cannot prepare leaves targets where they are', () => {
    let isBroken = false;
    const engine = start({
      strategy: {
        prepare: (collectors) => {
          if (isBroken) throw new TypeError('no such zone');
          return () => collectors[0]?.name;
        },
      },
    });
    runToEnd(engine.applyGroup('p', group('s', at('h:1'))));
    isBroken = true;
    runToEnd(engine.setCollectors([{ name: 'a' }, { name: 'd' }]));
    runToEnd(engine.applyGroup('p', group('t', at('h:2'))));
    expect(owners(engine)).toEqual({ 'h:1': 'a', 'h:2': '-' });
    const [unassigned] = engine.targets({ collector: null });
    expect(unassigned?.reason).toBe('strategy failed: no such zone');
  });

  it('as a filter leaves that target out, and no other', () => {
    const filter = filterOf((labels) => {
      if (labels['x'] === 'bad') throw new TypeError('boom');
      return labels;
    });
    const engine = start({}, filter, ['a']);
    runToEnd(engine.applyGroup('p', group('s', at('h:1'), at('h:2', { x: 'bad' }), at('h:3'))));
    expect(Object.keys(owners(engine))).toEqual(['h:1', 'h:3']);
    expect(engine.job('job')).toMatchObject({ discovered: 3, remaining: 2 });
    expect(engine.policyErrors).toEqual({ filter: 1, strategy: 0 });
  });
});
