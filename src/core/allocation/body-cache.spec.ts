import fc from 'fast-check';
import { expect, it } from 'vitest';
import { BodyCache } from './body-cache.js';

const step = fc.record({
  type: fc.constantFrom('set', 'set', 'get', 'get', 'delete'),
  version: fc.integer({ min: 1, max: 8 }),
  size: fc.nat(40),
});
const MAX_BYTES = 100;

it('answers are kept as a plain list of the latest used ones would keep them, within their bytes', () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 60, size: 'max' }), (steps) => {
      const cache = new BodyCache(MAX_BYTES);
      /** The least recently used one first. */
      let plain: { readonly version: number; readonly body: Uint8Array }[] = [];
      for (const { type, version, size } of steps) {
        const known = plain.find((each) => each.version === version);
        const others = plain.filter((each) => each.version !== version);
        if (type === 'set') {
          const body = new Uint8Array(size);
          cache.set(version, body);
          plain = [...others, { version, body }];
          const bytes = (): number => plain.reduce((sum, each) => sum + each.body.length, 0);
          while (plain.length > 1 && bytes() > MAX_BYTES) plain.shift();
        } else if (type === 'get') {
          expect(cache.get(version)).toBe(known?.body);
          if (known !== undefined) plain = [...others, known];
        } else {
          cache.delete(version);
          plain = others;
        }
      }
      for (const version of [1, 2, 3, 4, 5, 6, 7, 8]) {
        expect(cache.get(version)).toBe(plain.find((each) => each.version === version)?.body);
      }
    }),
    { numRuns: 300 },
  );
});
