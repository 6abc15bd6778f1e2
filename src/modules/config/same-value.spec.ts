import { describe, expect, it } from 'vitest';

import { Secret } from '../../plugin-api/index.js';
import { sameValue } from './same-value.js';

describe('sameValue', () => {
  it('sees a secret that changed', () => {
    expect(sameValue({ p: new Secret('a') }, { p: new Secret('a') })).toBe(true);
    expect(sameValue({ p: new Secret('a') }, { p: new Secret('b') })).toBe(false);
    expect(sameValue(new Secret('a'), 'a')).toBe(false);
    expect(sameValue({}, new Secret('a'))).toBe(false);
  });

  it('minds the order of lists and not that of keys', () => {
    expect(sameValue({ a: 1, b: [1, 2] }, { b: [1, 2], a: 1 })).toBe(true);
    expect(sameValue([1, 2], [2, 1])).toBe(false);
    expect(sameValue([], {})).toBe(false);
    expect(sameValue({ a: undefined }, { b: undefined })).toBe(false);
  });
});
