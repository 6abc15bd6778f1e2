import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { sortedNames } from '../labels/compare-utf8.js';
import { labelSetOf } from '../labels/label-set.js';
import { NameTable, type NameList, type Shape } from './name-table.js';
import { hostileLabels } from './testing/hostile-groups.js';

describe('the table of label names', () => {
  it('reads what is there, whatever shape was thought likely, and has one list for equal names', () => {
    const step = fc.tuple(hostileLabels, fc.nat());
    fc.assert(
      fc.property(fc.array(step, { maxLength: 20 }), (steps) => {
        const table = new NameTable();
        const shapes: Shape[] = [table.empty];
        const listOf = new Map<string, NameList>();
        for (const [labels, guess] of steps) {
          const values: string[] = [];
          const likely = shapes[guess % shapes.length] ?? table.empty;
          const { keys, list, positions } = table.read(labels, likely, values);
          const names = sortedNames(labels);
          expect(keys).toEqual(Object.keys(labels));
          expect(values.slice(0, keys.length)).toEqual(Object.values(labels));
          expect(list.names).toEqual(names);
          expect([...positions]).toEqual(keys.map((key) => names.indexOf(key)));
          const known = listOf.get(JSON.stringify(names)) ?? list;
          expect(list).toBe(known);
          listOf.set(JSON.stringify(names), known);
          shapes.push({ keys, list, positions });
        }
        expect(new Set(listOf.values()).size).toBe(listOf.size);
      }),
      { numRuns: 500 },
    );
  });

  it('still has one list for names in use after thousands of others', () => {
    const table = new NameTable();
    const listOf = (...names: string[]): NameList =>
      table.read(labelSetOf(names.map((name) => [name, '1'])), table.empty, []).list;
    const held = [listOf('b', 'a'), listOf('a'), listOf()];
    for (let i = 0; i < 5_000; i++) listOf(`name ${String(i)}`, 'a');
    expect([listOf('a', 'b'), listOf('a'), listOf()]).toEqual(held);
    expect(listOf('a', 'b')).toBe(held[0]);
    expect(listOf('a')).toBe(held[1]);
    expect(listOf()).toBe(held[2]);
  });
});
