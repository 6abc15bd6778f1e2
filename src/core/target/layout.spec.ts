import fc from 'fast-check';
import { expect, it } from 'vitest';
import { compareUtf8 } from '../labels/compare-utf8.js';
import { labelSetOf } from '../labels/label-set.js';
import { mergeLabels } from '../labels/merge-labels.js';
import { LayoutTable } from './layout.js';
import type { NameList } from './name-table.js';
import { hostileName } from './testing/hostile-groups.js';

const names = fc
  .uniqueArray(hostileName, { maxLength: 6 })
  .map((all): NameList => ({ names: all.sort(compareUtf8) }));

it('a layout finds each label where merging the labels of group and target would find it', () => {
  fc.assert(
    fc.property(names, names, (ofGroup, ofTarget) => {
      const table = new LayoutTable();
      const layout = table.find(ofGroup, ofTarget);
      const group = ofGroup.names.map((name, i) => [name, `group ${String(i)}`] as const);
      const target = ofTarget.names.map((name, i) => [name, `target ${String(i)}`] as const);
      const merged = mergeLabels(labelSetOf(group), labelSetOf(target));
      const values = Array.from(layout.sources, (source) =>
        source < 0 ? group[~source]?.[1] : target[source]?.[1],
      );
      expect(layout.names).toEqual(Object.keys(merged).sort(compareUtf8));
      expect(values).toEqual(layout.names.map((name) => merged[name]));
      expect(target[layout.addressColumn]?.[0] ?? 'none').toBe(
        ofTarget.names.includes('__address__') ? '__address__' : 'none',
      );
      expect(table.find(ofGroup, ofTarget)).toBe(layout);
    }),
    { numRuns: 500 },
  );
});
