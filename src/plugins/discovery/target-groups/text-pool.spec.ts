import fc from 'fast-check';
import { expect, it } from 'vitest';
import { TextPool } from './text-pool.js';

const text = fc.string({ unit: 'grapheme-ascii', maxLength: 6 });

it('a pooled text is that of the bytes, even where all texts have one cell', () => {
  fc.assert(
    fc.property(fc.array(text, { maxLength: 50 }), (texts) => {
      const bytes = Buffer.from(texts.join(''), 'latin1');
      const pool = new TextPool(bytes);
      const use = { tries: 0, hits: 0 };
      let at = 0;
      for (const expected of texts) {
        expect(pool.text(at, at + expected.length, 5, use)).toBe(expected);
        at += expected.length;
      }
    }),
  );
});

it('a column whose texts do not repeat is left alone, one whose texts do is not', () => {
  const texts = Array.from({ length: 2_000 }, (_, i) => String(i).padStart(4, '0'));
  const pool = new TextPool(Buffer.from(texts.join(''), 'latin1'));
  const unique = { tries: 0, hits: 0 };
  const repeated = { tries: 0, hits: 0 };
  texts.forEach((_, i) => {
    pool.text(4 * i, 4 * i + 4, i, unique);
    pool.text(4 * (i % 8), 4 * (i % 8) + 4, i % 8, repeated);
  });
  expect(unique.tries).toBeLessThan(1_000);
  expect(repeated).toEqual({ tries: 2_000, hits: expect.any(Number) as number });
  expect(repeated.hits).toBeGreaterThan(1_900);
});
