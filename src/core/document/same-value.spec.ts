import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isSameValue } from './same-value.js';
import { Secret } from './secret.js';

describe('comparing plain data', () => {
  it('tells secrets apart by their texts, although they look the same', () => {
    expect(isSameValue({ key: new Secret('a') }, { key: new Secret('a') })).toBe(true);
    expect(isSameValue({ key: new Secret('a') }, { key: new Secret('b') })).toBe(false);
    expect(isSameValue({ key: new Secret('a') }, { key: 'a' })).toBe(false);
    expect(isSameValue({ key: new Secret('a') }, { key: {} })).toBe(false);
  });

  it('takes an undefined field for an absent one', () => {
    expect(isSameValue({ a: 1, b: undefined }, { a: 1 })).toBe(true);
    expect(isSameValue({ a: 1, b: undefined }, { a: 1, c: 2 })).toBe(false);
  });

  it('does not take a list for an object', () => {
    expect(isSameValue([], {})).toBe(false);
    expect(isSameValue(null, {})).toBe(false);
  });

  it('finds that what was copied is the same, and that one more field is not', () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 4 }), (value) => {
        expect(isSameValue(value, structuredClone(value))).toBe(true);
        expect(isSameValue({ value }, { value, more: 1 })).toBe(false);
        expect(isSameValue([value], [value, value])).toBe(false);
      }),
    );
  });
});
