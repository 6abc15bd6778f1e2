import fc from 'fast-check';
import { expect, it } from 'vitest';
import { compileRegex } from '../../src/core/relabel/compile-regex.js';
import { Re2Regex } from '../../src/core/relabel/re2-regex.js';
import type { Regex } from '../../src/core/relabel/regex.js';
import { compileTemplate } from '../../src/core/relabel/template.js';
import { labelValue, regex, template } from './arbitraries.js';
import { describeWithOracle, seedOfRun, type Oracle } from './oracle.js';

interface Case {
  readonly source: string;
  readonly template: string;
  readonly texts: readonly string[];
}
interface Match {
  readonly groups: readonly (string | null)[];
  readonly expanded: string;
  readonly replaced: string;
}
interface OracleOutput {
  readonly error?: string;
  readonly matches?: readonly (Match | null)[];
}
type Verdict = 'refused' | readonly (Match | null)[];

const regexCase: fc.Arbitrary<Case> = fc.record({
  source: regex,
  template,
  texts: fc.array(labelValue, { minLength: 6, maxLength: 6 }),
});

async function verdictsOfGo(oracle: Oracle, cases: readonly Case[]): Promise<Verdict[]> {
  const outputs = await oracle.ask<OracleOutput>('regexp', cases);
  return outputs.map(({ error, matches }) => (error === undefined ? (matches ?? []) : 'refused'));
}

function compiled(compile: () => Regex): Regex | undefined {
  try {
    return compile();
  } catch {
    return undefined;
  }
}

function verdictOf(expression: Regex | undefined, one: Case): Verdict {
  if (expression === undefined) return 'refused';
  const expander = compileTemplate(one.template, expression);
  return one.texts.map((text) => {
    const match = expression.match(text);
    expect(expression.test(text)).toBe(match !== undefined);
    if (match === undefined) return null;
    return {
      groups: match.map((group) => group ?? null),
      expanded: expander.expand(match),
      replaced: expression.replaceAll(text, (each) => expander.expand(each)),
    };
  });
}

/** The expressions on which the two ever differed, and those that are easily got wrong. */
const kept: readonly Case[] = [
  ['(?P<n>a)|(?P<n>b)', '$n', ['a', 'b']],
  ['(?P<constructor>a)(?P<__proto__>b)', '${__proto__}$constructor', ['ab']],
  ['(?P<1>a)(b)', '$1$2$01', ['ab']],
  ['a)|(b', '[$0]', ['a', 'ab', 'b', 'bab']],
  ['|a)|(?:', '<$0>', ['', 'a', 'xay', '💥']],
  ['(?i)k|ſ|ß', '$0', ['K', 'K', 's', 'S', 'ss', 'ẞ']],
  ['a$', '$0', ['a', 'a\n']],
  ['(?m)a$\n', '$0', ['a\n']],
  ['[[:word:]]+\\b', '$0', ['aé', 'a']],
  ['x{1000}', '', ['x'.repeat(1000)]],
  ['x{1001}', '', []],
  ['(x{500}){3}', '', []],
  ['((((a{10}){10}){10})b{10}){2}', '', []],
  ['\\Qa', '', []],
  ['(?=a)', '', []],
  ['(?<=a)b', '', []],
  ['\\C', '', []],
  ['(?P<größe>a)', '', []],
  ['\\p{Cn}', '$0', ['a', '\u0378']],
  ['\\p{LC}\\P{LC}', '$0', ['a1', 'aa']],
  ['\\p{Assigned}\\p{ASCII}\\p{Any}', '$0', ['aaa']],
  ['\\p{ lower-case_letter }\\p{lu}\\p{greek}', '$0', ['aAα']],
  ['[\\p{ascii}\\P{ASCII}]\\p{^ascii}\\pl', '$0', ['aéa', 'aaa']],
  ['\\\\p{letter}[\\\\p{letter}]\\Q\\p{letter}\\E', '', ['\\p{letter}p\\p{letter}']],
  ['\\p{Nope}', '', []],
  ['[[:]', '', ['[', ':', ']']],
  ['[^[:]|[\\[:]|[:]|[][:]', '', ['[', ':', ']', 'a']],
  ['[[:]a:]', '', []],
  ['[[:]|[[:alpha:]]', '', []],
].map(([source, text, texts]) => ({
  source: source as string,
  template: text as string,
  texts: texts as string[],
}));

async function differences(oracle: Oracle, cases: readonly Case[]): Promise<unknown[]> {
  const expected = await verdictsOfGo(oracle, cases);
  return cases.flatMap((one, i) => {
    const byShortcut = verdictOf(
      compiled(() => compileRegex(one.source)),
      one,
    );
    const byEngine = verdictOf(
      compiled(() => new Re2Regex(one.source)),
      one,
    );
    const go = JSON.stringify(expected[i]);
    return go === JSON.stringify(byShortcut) && go === JSON.stringify(byEngine)
      ? []
      : [{ one, go: expected[i], byShortcut, byEngine }];
  });
}

function codesIn(ranges: readonly (readonly [first: number, last: number])[]): Set<number> {
  return new Set(
    ranges.flatMap(([first, last]) =>
      Array.from({ length: last - first + 1 }, (_, i) => first + i),
    ),
  );
}

describeWithOracle('regular expressions are those of Go', (oracle) => {
  it('for the expressions that are known to be hard', async () => {
    expect(await differences(oracle(), kept)).toEqual([]);
  });

  it('for 10,000 fresh expressions: validity, matches, groups and templates', async () => {
    const seed = seedOfRun('regexp');
    const property = fc.asyncProperty(regexCase, async (one) => {
      expect(await differences(oracle(), [one])).toEqual([]);
    });
    await fc.assert(property, { seed, numRuns: 10_000 });
  });

  it('for each character that Unicode 15 assigns, in the character classes', async () => {
    const assigned = '[\\pL\\pM\\pN\\pP\\pS\\pZ\\p{Cc}\\p{Cf}\\p{Co}]';
    const classes = [
      '\\pL',
      '\\p{Lu}',
      '\\p{Ll}',
      '\\pN',
      '\\pP',
      '\\p{Greek}',
      '(?i:ß|k|ſ|[à-þ])',
    ];
    const inputs = [assigned, ...classes].map((source) => ({ source }));
    const outputs = await oracle().ask<{ ranges: [number, number][] }>('runes', inputs);
    const [known, ...expected] = outputs.map(({ ranges }) => codesIn(ranges));
    const differing = classes.flatMap((source, i) => {
      const expression = compileRegex(source);
      return [...(known ?? [])]
        .filter((code) => expression.test(String.fromCodePoint(code)) !== expected[i]?.has(code))
        .map((code) => `${source} U+${code.toString(16)}`);
    });
    // The engine's tables are newer than those of Go 1.26: Unicode 16 made this letter caseless.
    expect(differing).toEqual(['\\p{Ll} U+295']);
  });
});
