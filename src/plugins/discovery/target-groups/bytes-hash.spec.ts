import fc from 'fast-check';
import { expect, it } from 'vitest';
import { BytesHash } from './bytes-hash.js';

it('a hash of bytes is that of equal ones wherever they stand, and of no others', () => {
  const bytes = fc.uint8Array({ maxLength: 40 });
  fc.assert(
    fc.property(bytes, bytes, bytes, fc.nat(), (before, first, second, seed) => {
      const all = Buffer.concat([before, first, second, first]);
      const start = before.length;
      const end = start + first.length;
      const hash = new BytesHash(all, seed);
      expect(hash.of(end + second.length, all.length)).toBe(hash.of(start, end));
      const isEqual = Buffer.from(first).equals(second);
      expect(hash.of(end, end + second.length) === hash.of(start, end)).toBe(isEqual);
    }),
    { numRuns: 500 },
  );
});

it('no change of one or two bits leaves the hash as it is', () => {
  const bytes = Buffer.alloc(24, 'abc');
  const hashes = new Set<number>();
  const flip = (bit: number): void => {
    bytes[bit >> 3] = (bytes[bit >> 3] ?? 0) ^ (1 << (bit & 7));
  };
  const bits = bytes.length * 8;
  for (let one = 0; one < bits; one++) {
    for (let other = one; other < bits; other++) {
      flip(one);
      if (other !== one) flip(other);
      hashes.add(new BytesHash(bytes, 7).of(0, bytes.length));
      flip(one);
      if (other !== one) flip(other);
    }
  }
  expect(hashes.size).toBe((bits * (bits + 1)) / 2);
});
