import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { indentJson } from './indent-json.js';

describe('indented JSON', () => {
  it('is laid out as JSON.stringify does, for every value', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        expect(indentJson(JSON.stringify(value))).toBe(JSON.stringify(value, null, 2));
      }),
    );
  });

  it('keeps numbers that JavaScript cannot hold', () => {
    expect(indentJson('{"modulus":18446744073709551615}')).toBe(
      '{\n  "modulus": 18446744073709551615\n}',
    );
  });
});
