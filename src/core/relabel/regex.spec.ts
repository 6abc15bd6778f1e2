import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { BoundedMemo } from './bounded-memo.js';
import { compileRegex } from './compile-regex.js';
import { Re2Regex } from './re2-regex.js';
import { shortcutFor } from './regex-shortcuts.js';

const literal = fc.constantFrom(
  '',
  'a',
  'ab',
  'ß',
  '💥',
  '\\.',
  '\\-',
  '\\\\',
  '\\|',
  ' ',
  ';',
  'a\\(b',
);
const text = fc.oneof(
  fc.constantFrom(
    '',
    'a',
    'ab',
    'abc',
    'ß',
    '💥',
    '💥x',
    '.',
    '-',
    '\\',
    '|',
    'a(b',
    'a|b',
    '\n',
    ' ',
  ),
  fc.string({ unit: 'binary', maxLength: 6 }),
);
/** Shapes that may be recognised, and near misses. */
const source = fc.oneof(
  fc.constantFrom(
    '(.*)',
    '.*',
    '(.+)',
    '.+',
    '()',
    '',
    '(?:a|b)',
    '(a)|(b)',
    '(.*',
    '.*)',
    'a)(.*',
    '^a$',
  ),
  fc
    .tuple(literal, fc.constantFrom('(.*)', '(.+)', '.*', '.+', '(.*', '.?'))
    .map((parts) => parts.join('')),
  fc
    .tuple(
      fc.constantFrom('', '(', '(?:', '(?P<n>'),
      fc.array(literal, { minLength: 1, maxLength: 3 }),
      fc.constantFrom('', ')'),
    )
    .map(([open, branches, close]) => open + branches.join('|') + close),
);

const compiled = <Made>(make: () => Made): Made | undefined => {
  try {
    return make();
  } catch {
    return undefined;
  }
};

describe('shortcuts for simple expressions', () => {
  it('answer as the engine does, for every text', () => {
    let recognised = 0;
    const property = fc.property(source, fc.array(text, { maxLength: 5 }), (expression, texts) => {
      const shortcut = shortcutFor(expression);
      if (shortcut === undefined) return;
      recognised++;
      const engine = compiled(() => new Re2Regex(expression));
      expect(engine?.groupNames).toEqual(shortcut.groupNames);
      for (const each of texts) {
        expect(shortcut.test(each)).toBe(engine?.test(each));
        expect(shortcut.match(each)).toEqual(engine?.match(each));
        const bracket = (match: readonly (string | undefined)[]): string => `<${match.join()}>`;
        expect(shortcut.replaceAll(each, bracket)).toBe(engine?.replaceAll(each, bracket));
      }
    });
    fc.assert(property, { numRuns: 800 });
    expect(recognised).toBeGreaterThan(250);
  });

  it.each(['(.*)', 'a|b', '(a|b)', '10\\.0\\.(.*)', 'kube-system'])(
    'there is one for %s',
    (expression) => {
      expect(shortcutFor(expression)).toBeDefined();
    },
  );
});

describe('regular expressions', () => {
  it('let group names repeat, and be called like properties of objects', () => {
    const regex = compileRegex('(?P<n>a)|(?P<n>b)(?P<__proto__>c)');
    expect(regex.groupNames).toEqual(['', 'n', 'n', '__proto__']);
    expect(regex.match('bc')).toEqual(['bc', undefined, 'b', 'c']);
  });

  it.each([
    ['(a|b', 'missing closing )'],
    ['x{1001}', 'invalid repeat count'],
    ['(?=a)', 'invalid or unsupported Perl syntax'],
    ['(?P<größe>a)', 'invalid named capture'],
  ])('that RE2 refuses are refused with the reason: %s', (expression, problem) => {
    expect(() => compileRegex(expression)).toThrow(`TA_REGEX_INVALID: ${problem}`);
  });
});

describe('the memo of answers', () => {
  it('computes an answer once while its text comes back', () => {
    const memo = new BoundedMemo<boolean>();
    let computed = 0;
    const answers = Array.from({ length: 5000 }, (_, i) =>
      memo.get(`text ${String(i % 100)}`, () => {
        computed++;
        return i % 2 === 0;
      }),
    );
    expect(answers.every((answer, i) => answer === (i % 2 === 0))).toBe(true);
    expect(computed).toBe(100);
  });

  it('gives right answers for texts that never come back', () => {
    const memo = new BoundedMemo<boolean>();
    const answers = Array.from({ length: 5000 }, (_, i) => memo.get(String(i), () => i % 3 === 0));
    expect(answers.every((answer, i) => answer === (i % 3 === 0))).toBe(true);
  });
});
