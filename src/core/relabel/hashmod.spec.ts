import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { hashmod } from './hashmod.js';

const modulus = fc.oneof(
  fc.constantFrom(1n, 2n, 0x4000000n - 1n, 0x4000000n, 0x4000001n, 2n ** 53n, 2n ** 64n - 1n),
  fc.bigInt({ min: 1n, max: 100n }),
  fc.bigInt({ min: 1n, max: 2n ** 64n - 1n }),
);
const text = fc.oneof(fc.string(), fc.constantFrom('', 'é\u{1f600}', '\ud800', '10.0.0.1:80'));

it('hashmod is the end of the MD5 digest modulo any modulus, as large numbers say', () => {
  fc.assert(
    fc.property(text, modulus, (source, by) => {
      const digest = createHash('md5').update(source).digest();
      expect(hashmod(source, by)).toBe((digest.readBigUInt64BE(8) % by).toString());
    }),
    { numRuns: 1000 },
  );
});
