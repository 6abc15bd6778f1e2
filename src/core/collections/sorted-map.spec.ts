import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { SortedMap } from './sorted-map.js';

const key = fc.constantFrom('', 'a', 'b', 'B', 'aa', '__proto__', 'ü', '😀');
const changes = fc.array(fc.tuple(key, fc.option(fc.nat(), { nil: undefined })), { maxLength: 6 });

describe('a sorted map', () => {
  it('holds what a map would hold after any changes, sorted by key', () => {
    fc.assert(
      fc.property(fc.array(changes), (history) => {
        const plain = new Map<string, number>();
        let sorted = SortedMap.of<number>();
        for (const step of history) {
          sorted = sorted.with(new Map(step));
          for (const [name, value] of new Map(step)) {
            if (value === undefined) plain.delete(name);
            else plain.set(name, value);
          }
        }
        const expected = [...plain].sort(([a], [b]) => (a < b ? -1 : 1));
        expect([...sorted]).toEqual(expected);
        expect([...sorted.entries()]).toEqual(expected);
        expect([...sorted.keys()]).toEqual(expected.map(([name]) => name));
        expect([...sorted.values()]).toEqual(expected.map(([, value]) => value));
        expect(sorted.size).toBe(plain.size);
        for (const name of ['', 'a', 'b', 'B', 'aa', '__proto__', 'ü', '😀', 'none']) {
          expect(sorted.get(name)).toBe(plain.get(name));
          expect(sorted.has(name)).toBe(plain.has(name));
        }
      }),
    );
  });

  it('stays as it is when another one is made of it', () => {
    const former = SortedMap.of([
      ['b', 2],
      ['a', 1],
    ]);
    const present = former.with(
      new Map([
        ['a', undefined],
        ['c', 3],
      ]),
    );
    expect([...former]).toEqual([
      ['a', 1],
      ['b', 2],
    ]);
    expect([...present]).toEqual([
      ['b', 2],
      ['c', 3],
    ]);
  });

  it('is passed over in its order', () => {
    const seen: unknown[] = [];
    const map = SortedMap.of([
      ['b', 2],
      ['a', 1],
    ]);
    map.forEach((value, name, whole) => seen.push([name, value, whole === map]));
    expect(seen).toEqual([
      ['a', 1, true],
      ['b', 2, true],
    ]);
  });
});
