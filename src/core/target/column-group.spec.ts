import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compareUtf8 } from '../labels/compare-utf8.js';
import { labelSetOf } from '../labels/label-set.js';
import { ColumnGroup, sizeOf } from './column-group.js';
import { GroupBuilder, type BuiltGroup } from './group-builder.js';
import { labelsOf, type StoredGroup } from './stored-group.js';
import type { TargetGroup } from './target-group.js';
import { build, hostileName, hostileValue } from './testing/hostile-groups.js';

const group = fc
  .tuple(
    fc.uniqueArray(hostileName, { maxLength: 6 }),
    fc.array(hostileValue, { minLength: 6, maxLength: 6 }),
    fc.array(hostileValue, { maxLength: 5 }),
    fc.boolean(),
  )
  .map(([names, values, addresses, isSorted]) => {
    const ordered = isSorted ? names.toSorted(compareUtf8) : names;
    return new ColumnGroup('s', ordered, values.slice(0, names.length), addresses);
  });

/** The same group, label by label. */
const plain = ({ source, names, values, addresses }: ColumnGroup): TargetGroup => ({
  source,
  labels: labelSetOf(names.map((name, i) => [name, values[i] ?? ''] as const)),
  targets: addresses.map((address) => labelSetOf([['__address__', address]])),
});
const rowsOf = (stored: StoredGroup | undefined): unknown =>
  stored && Array.from({ length: stored.rows }, (_, row) => labelsOf(stored, row));

const contentOf = (built: BuiltGroup | undefined): unknown =>
  built && {
    rows: rowsOf(built.group),
    names: built.group.groupNames.names,
    values: built.group.groupValues,
    origins: built.origins,
  };

describe('a group that comes in columns', () => {
  it('is stored as the same group is that comes label by label, and so are the states after it', () => {
    fc.assert(
      fc.property(fc.array(group, { minLength: 1, maxLength: 4 }), (states) => {
        const inColumns = new GroupBuilder();
        const byLabel = new GroupBuilder();
        let former: StoredGroup | undefined;
        let formerByLabel: StoredGroup | undefined;
        for (const state of states) {
          const built = build(inColumns, state, former);
          const expected = build(byLabel, plain(state), formerByLabel);
          expect(contentOf(built)).toEqual(contentOf(expected));
          former = built?.group ?? former;
          formerByLabel = expected?.group ?? formerByLabel;
        }
      }),
      { numRuns: 500 },
    );
  });

  it('shows its labels and targets to whoever asks', () => {
    fc.assert(
      fc.property(group, (state) => {
        expect({ labels: state.labels, targets: state.targets }).toEqual({
          labels: plain(state).labels,
          targets: plain(state).targets,
        });
        expect(sizeOf(state)).toBe(sizeOf(plain(state)));
      }),
    );
  });

  it('may have more targets than a block holds', () => {
    const addresses = Array.from({ length: 9_000 }, (_, i) => `h:${String(i)}`);
    const state = new ColumnGroup('s', ['a'], ['x'], addresses);
    const built = build(new GroupBuilder(), state);
    expect(rowsOf(built?.group)).toEqual(rowsOf(build(new GroupBuilder(), plain(state))?.group));
    expect(built?.group.blocks.length).toBeGreaterThan(1);
  });
});
