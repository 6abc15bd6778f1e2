import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compareUtf8, sortedNames } from './compare-utf8.js';
import { labelSetOf } from './label-set.js';

const text = fc.string({ unit: 'binary', maxLength: 8 });

describe('comparing by UTF-8 bytes', () => {
  it('agrees with the order of the encoded bytes for any text', () => {
    fc.assert(
      fc.property(text, text, (a, b) => {
        expect(Math.sign(compareUtf8(a, b))).toBe(Buffer.compare(Buffer.from(a), Buffer.from(b)));
      }),
      { numRuns: 2000 },
    );
  });

  it('puts U+FFFF before U+10000, unlike UTF-16', () => {
    expect(['\u{10000}', '\uffff'].sort(compareUtf8)).toEqual(['\uffff', '\u{10000}']);
    expect(['\u{10000}', '\uffff'].sort()).toEqual(['\u{10000}', '\uffff']);
  });

  it('sorts label names, those that look like numbers included', () => {
    expect(
      sortedNames(
        labelSetOf([
          ['b', ''],
          ['2', ''],
          ['10', ''],
          ['__proto__', ''],
        ]),
      ),
    ).toEqual(['10', '2', '__proto__', 'b']);
  });
});
