import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { loadXxhash64 } from '../hash/xxhash64.js';
import { labelSetOf, type LabelSet } from '../labels/label-set.js';
import type { AllocationEngine } from './engine.js';
import {
  apply,
  applyPlainly,
  collectors,
  engineWith,
  expectEqual,
  group,
  history,
  jobs,
  provider,
  runToEnd,
  seen,
} from './testing/histories.js';
import { ReferenceAllocation } from './testing/reference-allocation.js';
import { byKey, byNode, leastLoaded } from './testing/strategies.js';

const decoder = new TextDecoder();

beforeAll(loadXxhash64);

describe.each([
  ['a keyed strategy', byKey],
  ['a strategy that is asked for each target', byNode],
])('the engine with %s', (_name, strategy) => {
  it('comes to what the plain rules say, after any history', () => {
    fc.assert(
      fc.property(history, (events) => {
        const engine = engineWith(strategy);
        const reference = new ReferenceAllocation(strategy);
        for (const e of events) {
          runToEnd(apply(engine, e));
          applyPlainly(reference, e);
          expectEqual(engine, reference);
        }
      }),
      { numRuns: 300 },
    );
  });

  it('changes the version of an answer whenever its bytes change, and keeps the bytes otherwise', () => {
    fc.assert(
      fc.property(history, (events) => {
        const engine = engineWith(strategy);
        const bytesOf = new Map<string, string>();
        for (const e of events) {
          const before = engine.targetsBody('j1', 'c1');
          const version = engine.targetsVersion('j1', 'c1');
          runToEnd(apply(engine, e));
          const after = engine.targetsBody('j1', 'c1');
          if (version === engine.targetsVersion('j1', 'c1')) expect(after).toBe(before);
          const key = String(engine.targetsVersion('j1', 'c1'));
          const text = decoder.decode(after);
          expect(bytesOf.get(key) ?? text).toBe(text);
          bytesOf.set(key, text);
        }
      }),
      { numRuns: 200 },
    );
  });

  it('does not depend on the order of events, labels and collectors', () => {
    const groups = fc.uniqueArray(fc.tuple(provider, group), {
      selector: ([p, g]) => `${p} ${g.source}`,
      maxLength: 6,
    });
    const reversed = (set: LabelSet): LabelSet => labelSetOf(Object.entries(set).reverse());
    fc.assert(
      fc.property(groups, jobs, collectors, fc.func(fc.nat()), (all, some, fleet, rank) => {
        const one = engineWith(strategy);
        const other = engineWith(strategy);
        runToEnd(one.setJobs(some));
        runToEnd(one.setCollectors(fleet));
        for (const [p, g] of all) runToEnd(one.applyGroup(p, g));
        const shuffled = all.toSorted(([p, g], [q, h]) => rank(p + g.source) - rank(q + h.source));
        for (const [p, g] of shuffled) {
          const twisted = {
            ...g,
            labels: reversed(g.labels),
            targets: g.targets.map((t) => reversed(t)),
          };
          runToEnd(other.applyGroup(p, twisted));
        }
        runToEnd(other.setCollectors(fleet.toReversed()));
        runToEnd(other.setJobs(some.toReversed()));
        expect(seen(other)).toEqual(seen(one));
      }),
      { numRuns: 200 },
    );
  });
});

describe('the engine with a sticky strategy', () => {
  it('gives each target exactly one owner, and moves none whose collector is still there', () => {
    const ownersOf = (engine: AllocationEngine): Map<string, string | undefined> =>
      new Map([...engine.targets({})].map((t) => [`${t.job} ${t.hash}`, t.collector]));
    fc.assert(
      fc.property(history, (events) => {
        const engine = engineWith(leastLoaded);
        const reference = new ReferenceAllocation(byKey);
        for (const e of events) {
          const before = ownersOf(engine);
          runToEnd(apply(engine, e));
          applyPlainly(reference, e);
          const after = ownersOf(engine);
          const present = new Set(reference.collectors.map(({ name }) => name));
          for (const [target, owner] of after) {
            const former = before.get(target);
            if (present.size > 0) expect(present).toContain(owner);
            if (former !== undefined && present.has(former)) expect(owner).toBe(former);
          }
          for (const spec of reference.jobs) {
            const expected = reference.job(spec).targets.length;
            expect(engine.job(spec.name)?.targets).toBe(expected);
            const assigned = [...present].reduce(
              (n, c) => n + engine.targetsOfJob(c, spec.name),
              0,
            );
            expect(assigned).toBe(present.size > 0 ? expected : 0);
          }
        }
      }),
      { numRuns: 200 },
    );
  });
});
