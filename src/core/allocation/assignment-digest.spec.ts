import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { loadXxhash64 } from '../hash/xxhash64.js';
import { AssignmentDigest } from './assignment-digest.js';
import { assignmentOf, digestOf, resultOf } from './testing/decided-targets.js';
import { at, group, start } from './testing/engine-fixtures.js';
import { apply, engineWith, essenceOf, history, runToEnd } from './testing/histories.js';
import { byKey, byNode, leastLoaded } from './testing/strategies.js';

beforeAll(loadXxhash64);

describe('the digest of an assignment', () => {
  it('is the same for processes that have come to the same, each in its own way', () => {
    fc.assert(
      fc.property(
        history,
        fc.integer(),
        fc.constantFrom(byKey, byNode),
        (events, seed, strategy) => {
          const one = engineWith(strategy, 1);
          const other = engineWith(strategy, seed);
          for (const e of events) runToEnd(apply(one, e));
          for (const e of essenceOf(events).toReversed()) runToEnd(apply(other, e));
          expect(digestOf(other)).toBe(digestOf(one));
        },
      ),
      { numRuns: 200 },
    );
  });

  it('is the same exactly when everybody has the same targets', () => {
    const assigned = (engine: ReturnType<typeof engineWith>): unknown =>
      [...assignmentOf(engine)].filter(([, owner]) => owner !== undefined).toSorted();
    fc.assert(
      fc.property(history, history, (events, others) => {
        const one = engineWith(leastLoaded, 1);
        const other = engineWith(leastLoaded, 2);
        for (const e of events) runToEnd(apply(one, e));
        // Half of the time what follows is little, so that equal and nearly equal assignments come up.
        const base = others.length % 2 === 0 ? events : [];
        for (const e of [...base, ...others.slice(0, 3)]) runToEnd(apply(other, e));
        const isSame = JSON.stringify(assigned(one)) === JSON.stringify(assigned(other));
        expect(digestOf(other) === digestOf(one)).toBe(isSame);
      }),
      { numRuns: 300 },
    );
  });

  it('is kept up to date by reading what has changed', () => {
    fc.assert(
      fc.property(history, (events) => {
        const engine = engineWith(leastLoaded);
        const digest = new AssignmentDigest();
        for (const e of events) {
          runToEnd(apply(engine, e));
          expect(resultOf(digest.refresh(engine))).toBe(digestOf(engine));
        }
      }),
      { numRuns: 150 },
    );
  });

  it('tells two targets that have changed places, and is a number that JSON and metrics can hold', () => {
    const engine = start({ strategy: leastLoaded }, undefined, ['a', 'b']);
    runToEnd(engine.applyGroup('p', group('s', at('x'), at('y'))));
    const other = start({ strategy: leastLoaded }, undefined, ['a', 'b']);
    runToEnd(other.applyGroup('p', group('s', at('y'), at('x'))));
    expect(digestOf(other)).not.toBe(digestOf(engine));
    expect(Number.isSafeInteger(digestOf(engine))).toBe(true);
    expect(digestOf(engine)).toBeLessThan(2 ** 48);
  });

  it('is that of the end when the allocation changes while it is read', () => {
    const engine = start({ strategy: leastLoaded });
    const many = Array.from({ length: 3000 }, (_, i) => at(`h:${i}`));
    runToEnd(engine.applyGroup('p', group('s', ...many)));
    const work = new AssignmentDigest().refresh(engine);
    work.next();
    runToEnd(engine.applyGroup('p', group('s', ...many.slice(7))));
    work.next();
    runToEnd(engine.setCollectors([{ name: 'a' }, { name: 'd' }]));
    expect(resultOf(work)).toBe(digestOf(engine));
  });
});
