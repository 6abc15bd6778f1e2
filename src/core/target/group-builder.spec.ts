import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { labelSetOf } from '../labels/label-set.js';
import { GroupBuilder } from './group-builder.js';
import { labelsOf, type StoredGroup } from './stored-group.js';
import type { TargetGroup } from './target-group.js';
import { build, changeOf, hostileGroup, plainly } from './testing/hostile-groups.js';

/** The rows as they are read from the columns. */
const rowsOf = (group: StoredGroup): string[] =>
  Array.from({ length: group.rows }, (_, row) => plainly(labelSetOf([]), labelsOf(group, row)));
const targetsOf = ({ labels, targets }: TargetGroup): string[] =>
  targets.map((target) => plainly(labels, target));
/** Equal states: the same labels of the group and of each target, whatever order the labels came in. */
const contentOf = ({ labels, targets }: TargetGroup): string =>
  JSON.stringify([
    plainly(labelSetOf([]), labels),
    targets.map((target) => plainly(labelSetOf([]), target)),
  ]);
const history = hostileGroup.chain((first) =>
  fc.tuple(
    fc.constant(first),
    changeOf(first),
    changeOf(first).chain((group) => changeOf(group)),
  ),
);

describe('groups in columns', () => {
  it('hold what was reported, after any changes, and an equal state is noticed', () => {
    let equalStates = 0;
    fc.assert(
      fc.property(history, (states) => {
        const builder = new GroupBuilder();
        let former: StoredGroup | undefined;
        let before: TargetGroup | undefined;
        for (const state of states) {
          const built = build(builder, state, former);
          const isEqual = before !== undefined && contentOf(before) === contentOf(state);
          expect(built === undefined).toBe(isEqual);
          if (isEqual) equalStates++;
          if (built !== undefined) {
            expect(rowsOf(built.group)).toEqual(targetsOf(state));
            // Whoever still holds the former state must not see the change.
            if (former !== undefined && before !== undefined) {
              expect(rowsOf(former)).toEqual(targetsOf(before));
            }
          }
          former = built?.group ?? former;
          before = state;
        }
      }),
      { numRuns: 400 },
    );
    expect(equalStates).toBeGreaterThan(20);
  });

  it('call a row known only if a former row had all its labels', () => {
    let known = 0;
    fc.assert(
      fc.property(history, (states) => {
        const builder = new GroupBuilder();
        let former: StoredGroup | undefined;
        for (const state of states) {
          const built = build(builder, state, former);
          const past = former === undefined ? [] : rowsOf(former);
          built?.origins?.forEach((origin, row) => {
            if (origin < 0) return;
            known++;
            expect(rowsOf(built.group)[row]).toBe(past[origin]);
          });
          former = built?.group ?? former;
        }
      }),
      { numRuns: 250 },
    );
    expect(known).toBeGreaterThan(250);
  });

  it('find every row that stayed, when addresses differ, wherever rows came, went or moved', () => {
    const addresses = fc.uniqueArray(fc.nat(40), { maxLength: 30 });
    const version = fc.func(fc.integer({ min: 0, max: 3 }));
    fc.assert(
      fc.property(addresses, addresses, version, (first, second, change) => {
        const stateOf = (numbers: readonly number[], versionOf: (n: number) => number) => ({
          source: 's',
          labels: labelSetOf([]),
          targets: numbers.map((n) =>
            labelSetOf([
              ['__address__', String(n)],
              ['version', String(versionOf(n))],
            ]),
          ),
        });
        const builder = new GroupBuilder();
        const before = build(
          builder,
          stateOf(first, () => 0),
        );
        const after = build(builder, stateOf(second, change), before?.group);
        const expected = second.map((n) => (change(n) === 0 ? first.indexOf(n) : -1));
        if (after !== undefined) expect([...(after.origins ?? [])]).toEqual(expected);
      }),
      { numRuns: 250 },
    );
  });

  it('do so over the borders of blocks', () => {
    const stateOf = (skipped: number): TargetGroup => ({
      source: 's',
      labels: labelSetOf([['g', 'g']]),
      targets: Array.from({ length: 9_000 }, (_, i) =>
        labelSetOf([
          ['__address__', `10.0.0.1:${String(i)}`],
          [i < 5_000 ? 'a' : 'b', String(i % 7)],
        ]),
      ).filter((_, i) => i !== skipped),
    });
    const builder = new GroupBuilder();
    const before = build(builder, stateOf(-1));
    const after = build(builder, stateOf(4_095), before?.group);
    expect(before && rowsOf(before.group)).toEqual(targetsOf(stateOf(-1)));
    expect(after && rowsOf(after.group)).toEqual(targetsOf(stateOf(4_095)));
    const origins = Array.from({ length: 8_999 }, (_, i) => (i < 4_095 ? i : i + 1));
    expect([...(after?.origins ?? [])]).toEqual(origins);
    expect(build(builder, stateOf(4_095), after?.group)).toBeUndefined();
  });
});
