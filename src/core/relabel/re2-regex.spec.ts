import fc from 'fast-check';
import { RE2JS } from 're2js';
import { describe, expect, it } from 'vitest';
import { Re2Regex } from './re2-regex.js';
import type { RegexMatch } from './regex.js';

const atom = fc.constantFrom(
  'a',
  'b',
  '.',
  '[ab]',
  '\\w',
  '\\d',
  'é',
  '(?:a|ab)',
  '\n',
  '^',
  '$',
  '\\b',
);
const piece = fc
  .tuple(atom, fc.constantFrom('', '*', '+', '?', '*?', '{2,3}'), fc.boolean())
  .map(([one, times, isGroup]) => (isGroup ? `(${one}${times})` : one + times));
const source = fc
  .tuple(
    fc.constantFrom('', '(?i)', '(?m)', '(?U)'),
    fc.array(piece, { maxLength: 5 }),
    fc.array(piece, { maxLength: 2 }),
    // Anchors go round the text as it is, so that this one ends them before its end.
    fc.constantFrom('|', ')|('),
  )
  .map(([flags, first, second, or]) =>
    second.length === 0 ? flags + first.join('') : flags + first.join('') + or + second.join(''),
  );
/** Texts around the length from which on they are tested first, and short ones. */
const text = fc
  .tuple(
    fc.constantFrom('a', 'ab', 'A', '1', '\n', 'é', 'a b'),
    fc.oneof(fc.integer({ min: 0, max: 4 }), fc.integer({ min: 250, max: 600 })),
    fc.constantFrom('', 'b', '\n', '!'),
  )
  .map(([pump, times, end]) => pump.repeat(times) + end);

/** The engine as it comes, asked for the first match and its groups. */
function plainMatch(expression: string, value: string): RegexMatch | undefined {
  const matcher = RE2JS.compile(`^(?s:${expression})$`).matcher(value);
  if (!matcher.find()) return undefined;
  return Array.from({ length: matcher.groupCount() + 1 }, (_, i) => matcher.group(i) ?? undefined);
}

describe('regular expressions with all that spares work', () => {
  it('match what the engine matches, with the same groups, whether the text is short or long', () => {
    let matched = 0;
    let long = 0;
    const property = fc.property(source, fc.array(text, { maxLength: 4 }), (expression, texts) => {
      const regex = new Re2Regex(expression);
      // Twice: the second time some answers are remembered.
      for (const value of [...texts, ...texts]) {
        const expected = plainMatch(expression, value);
        expect(regex.match(value)).toEqual(expected);
        // Rules whose templates refer to no group ask no more than this.
        expect(regex.test(value)).toBe(expected !== undefined);
        if (expected !== undefined) matched++;
        if (value.length > 512) long++;
      }
    });
    fc.assert(property, { numRuns: 200 });
    expect(matched).toBeGreaterThan(50);
    expect(long).toBeGreaterThan(50);
  });
});
