import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { BoundedMemo } from './bounded-memo.js';

/** How many different texts were asked for after the last time that this one was; `undefined`: it never was. */
function distance(asked: readonly string[], text: string): number | undefined {
  const last = asked.lastIndexOf(text);
  return last < 0 ? undefined : new Set(asked.slice(last + 1)).size;
}

describe('a memo of answers', () => {
  // Runs of texts, so that some come back soon, some late and some after more than are remembered.
  const run = fc.tuple(fc.integer({ min: 0, max: 400 }), fc.integer({ min: 1, max: 300 }));

  it('answers as the computation does, remembers the latest 127 texts and forgets all but 256', () => {
    let remembered = 0;
    let forgotten = 0;
    const property = fc.property(fc.array(run, { minLength: 3, maxLength: 8 }), (runs) => {
      // Beyond 1,024 questions it may have been given up.
      const texts = runs
        .flatMap(([from, count]) => Array.from({ length: count }, (_, i) => `t${String(from + i)}`))
        .slice(0, 1_000);
      const memo = new BoundedMemo<{ readonly text: string }>();
      const wrong = texts.filter((text, i) => {
        const own = { text };
        const answer = memo.get(text, () => own);
        const isComputed = answer === own;
        const between = distance(texts.slice(Math.max(0, i - 600), i), text);
        if (between !== undefined && between < 127) {
          remembered++;
          return isComputed || answer.text !== text;
        }
        if (between !== undefined && between < 256) return answer.text !== text;
        if (between !== undefined) forgotten++;
        return !isComputed || answer.text !== text;
      });
      expect(wrong).toEqual([]);
    });
    fc.assert(property, { numRuns: 60 });
    expect(remembered).toBeGreaterThan(100);
    expect(forgotten).toBeGreaterThan(20);
  });

  it('remembers no text of more than 128 characters', () => {
    const memo = new BoundedMemo<boolean>();
    let computed = 0;
    const ask = (text: string): boolean =>
      memo.get(text, () => {
        computed++;
        return true;
      });
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 300 }), (length) => {
        const text = 'x'.repeat(length);
        ask(text);
        const before = computed;
        ask(text);
        expect(computed - before).toBe(length > 128 ? 1 : 0);
      }),
    );
  });

  it('gives up, and holds nothing, where texts hardly ever come back', () => {
    const memo = new BoundedMemo<boolean>();
    for (let i = 0; i < 2_000; i++) memo.get(String(i), () => true);
    let computed = 0;
    for (let i = 0; i < 10; i++) {
      memo.get('now always the same', () => {
        computed++;
        return true;
      });
    }
    expect(computed).toBe(10);
  });
});
