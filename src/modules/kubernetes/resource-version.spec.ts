import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isOlderVersion } from './resource-version.js';

describe('isOlderVersion', () => {
  it('orders versions of any length as the numbers that they are', () => {
    const version = fc.bigInt({ min: 1n, max: 2n ** 128n });
    fc.assert(
      fc.property(version, version, (one, other) => {
        expect(isOlderVersion(String(one), String(other))).toBe(one < other);
      }),
    );
  });

  it.each(['', '0', '007', 'a5', '5a', '-5', '5.5', ' 5'])('does not know the age of %j', (odd) => {
    expect(isOlderVersion(odd, '9')).toBe(false);
    expect(isOlderVersion('9', odd)).toBe(false);
  });
});
