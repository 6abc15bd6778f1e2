import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ValuePool } from './value-pool.js';

describe('the pool of values', () => {
  it('gives back an equal text for every text, also for the many that share a cell', () => {
    const pool = new ValuePool();
    const use = pool.useOf({ names: ['often'] });
    // Of 5,000 texts in 65,536 cells some 180 pairs share one. Each comes twice, so that the column stays in use.
    const texts = Array.from({ length: 10_000 }, (_, i) => `value ${String(i >> 1)}`);
    expect(texts.filter((text) => pool.intern(use, 0, text) !== text)).toEqual([]);
    expect(use.hits[0]).toBe(5_000);
    fc.assert(
      fc.property(fc.string({ maxLength: 4 }), (text) => {
        expect(pool.intern(use, 0, text)).toBe(text);
      }),
    );
  });

  it('goes on with columns whose values repeat, and leaves others alone after a trial', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 64 }),
        fc.integer({ min: 2, max: 9 }),
        (some, width) => {
          const pool = new ValuePool();
          const use = pool.useOf({ names: Array.from({ length: width }, (_, i) => String(i)) });
          for (let i = 0; i < 2_000; i++) {
            pool.intern(use, 0, `unique ${String(i)}`);
            pool.intern(use, 1, `one of some ${String(i % some)}`);
          }
          expect(use.tries[0]).toBeLessThan(600);
          expect(use.tries[1]).toBe(2_000);
          expect(use.hits[1]).toBeGreaterThan(2_000 - 2 * some);
        },
      ),
      { numRuns: 20 },
    );
  });
});
