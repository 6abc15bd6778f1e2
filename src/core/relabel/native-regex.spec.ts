import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { nativeRegexFor } from './native-regex.js';
import { Re2Regex } from './re2-regex.js';

const regexFor = (source: string) => nativeRegexFor(source, () => new Re2Regex(source));

const chars = ['a', 'b', ':', '\n', 'é', '\u{1F600}', '\u2028'];
const atoms = [
  'a',
  'b',
  ':',
  'é',
  '\u{1F600}',
  '.',
  '\\.',
  '\\d',
  '\\D',
  '\\s',
  '\\n',
  '[^:]',
  '[ab]',
  '[^a\\d]',
];
const expression = fc.letrec<{ part: string }>((tie) => ({
  part: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    fc.constantFrom(...atoms),
    fc.tuple(tie('part'), tie('part')).map(([first, second]) => first + second),
    fc.tuple(tie('part'), tie('part')).map(([first, second]) => `(?:${first}|${second})`),
    fc.tuple(fc.constantFrom('(', '(?:'), tie('part')).map(([open, part]) => `${open}${part})`),
    fc
      .tuple(tie('part'), fc.constantFrom('*', '+', '?'))
      .map(([part, operator]) => `(?:${part})${operator}`),
    fc.tuple(fc.constantFrom(...atoms), fc.constantFrom('*', '+', '?')).map((all) => all.join('')),
  ),
})).part;
const text = fc
  .array(fc.constantFrom(...chars, '1', '.'), { maxLength: 12 })
  .map((all) => all.join(''));

describe('an expression that V8 can run', () => {
  it('gives the very answers of the engine', { timeout: 600_000 }, () => {
    let taken = 0;
    let matched = 0;
    const property = fc.property(expression, fc.array(text, { maxLength: 20 }), (source, texts) => {
      const regex = regexFor(source);
      if (regex === undefined) return;
      taken++;
      const engine = new Re2Regex(source);
      expect(regex.groupNames).toEqual(engine.groupNames);
      for (const one of ['', ...texts]) {
        const match = engine.match(one);
        if (match !== undefined) matched++;
        const own = regex.match(one);
        expect(own && [...own]).toEqual(match);
        expect(regex.test(one)).toBe(match !== undefined);
        const around = (found: readonly unknown[]): string => `<${found.join('|')}>`;
        expect(regex.replaceAll(one, around)).toBe(engine.replaceAll(one, around));
      }
    });
    fc.assert(property, { numRuns: Number(process.env['REGEX_RUNS'] ?? 2000) });
    expect(taken).toBeGreaterThan(200);
    expect(matched).toBeGreaterThan(200);
  });

  it.each([
    '([^:]+)(?::\\d+)?',
    '([^:]+)(?::\\d+)?;(\\d+)',
    '(https?)',
    '/?(/.*)',
    '(.+):(\\d+)',
    '(.*);(.*)',
    'a?a',
    '([^/]+)/([^/]+)',
    '(?:a|b)*c',
  ])('is recognised: %s', (source) => {
    expect(regexFor(source)).toBeDefined();
  });

  it.each([
    [
      'that could go on in many ways',
      ['(.*);(.*);(.*)', 'a*a*a*', '(?:a|ab)c?c', 'a?a?a', '(?:ab*)*b'],
    ],
    ['that could make V8 search', ['(a+)+', '(?:a+)+b', '(?:a*)*', '(?:a|a)*b', '(?:x+x+)+y']],
    ['that repeats what it captures', ['(a)*', '(?:(a)|b)*']],
    ['that could be empty in two ways', ['(?:a*|b*)', '(?:|)', '(?:a*)?']],
    [
      'in syntax that is not read',
      ['(?i)a', 'a{2}', 'a*?', '(?P<n>a)', '^a', '[[:alpha:]]', '\\pL'],
    ],
    ['that is wrong', ['a)|(b', '(a', '[a', 'a**', '*', '\\', '[z-a]', '[\\d-z]']],
  ])('is left to the engine: one %s', (_, sources) => {
    expect(sources.filter((source) => regexFor(source) !== undefined)).toEqual([]);
  });

  it('leaves long texts to the engine', () => {
    const host = 'a'.repeat(5000);
    expect(regexFor('([^:]+)(?::\\d+)?')?.match(`${host}:80`)).toEqual([`${host}:80`, host]);
    expect(regexFor('([^:]+)(?::\\d+)?')?.test(`${host}:`)).toBe(false);
  });
});
