import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { labelSetOf, type LabelSet } from '../labels/label-set.js';
import type { RelabelConfig } from '../scrape-config/model.js';
import { compileRelabelConfigs, type RelabelProgram } from './program.js';
import { RelabelConfigError } from './relabel.errors.js';

const run = (rules: readonly RelabelConfig[], labels: Readonly<Record<string, string>>) => {
  const result = compileRelabelConfigs(rules).run(labelSetOf(Object.entries(labels)));
  return result && Object.fromEntries(Object.entries(result));
};

describe('relabel rules', () => {
  it.each<[string, RelabelConfig, Record<string, string>, Record<string, string> | undefined]>([
    ['replace with all defaults', { target_label: 'x' }, { a: '1' }, { a: '1' }],
    [
      'replace joins its sources',
      { source_labels: ['a', 'no', 'b'], target_label: 'x' },
      { a: '1', b: '2' },
      { a: '1', b: '2', x: '1;;2' },
    ],
    [
      'replace deletes its target with an empty value',
      { target_label: 'a', replacement: '' },
      { a: '1', b: '2' },
      { b: '2' },
    ],
    [
      'replace does nothing without a match',
      { source_labels: ['a'], regex: 'b.*', target_label: 'x', replacement: 'y' },
      { a: 'ab' },
      { a: 'ab' },
    ],
    [
      'replace makes names of values, __proto__ too',
      { source_labels: ['a'], regex: '(.*)=(.*)', target_label: '$1', replacement: '$2' },
      { a: '__proto__=x' },
      { a: '__proto__=x', ['__proto__']: 'x' },
    ],
    [
      'keep is anchored',
      { source_labels: ['a'], regex: 'b', action: 'keep' },
      { a: 'ab' },
      undefined,
    ],
    ['keep keeps', { source_labels: ['a'], regex: '.b', action: 'keep' }, { a: 'ab' }, { a: 'ab' }],
    [
      'drop drops over newlines',
      { source_labels: ['a'], regex: 'a.b', action: 'drop' },
      { a: 'a\nb' },
      undefined,
    ],
    [
      'keepequal',
      { source_labels: ['a'], target_label: 'b', action: 'keepequal' },
      { a: '1', b: '2' },
      undefined,
    ],
    [
      'dropequal of absent labels',
      { source_labels: ['x'], target_label: 'y', action: 'dropequal' },
      {},
      undefined,
    ],
    [
      'hashmod over more than 2^53',
      { source_labels: ['a'], modulus: 2n ** 64n - 1n, target_label: 'x', action: 'hashmod' },
      { a: 'foo' },
      // echo -n foo | md5sum: acbd18db4cc2f85cedef654fccc4a4d8
      { a: 'foo', x: BigInt('0xedef654fccc4a4d8').toString() },
    ],
    [
      'hashmod of a small modulus',
      { source_labels: ['a'], modulus: 1000, target_label: 'x', action: 'hashmod' },
      { a: 'foo' },
      { a: 'foo', x: (BigInt('0xedef654fccc4a4d8') % 1000n).toString() },
    ],
    [
      'labelmap copies what was there before it',
      { regex: '(.)(.)', replacement: '$2$1', action: 'labelmap' },
      { ab: '1', ba: '2', c: '3' },
      { ab: '2', ba: '1', c: '3' },
    ],
    [
      'labelmap to one name: the last one by name wins',
      { regex: 'm_(.)_.', action: 'labelmap' },
      { m_x_2: 'two', m_x_1: 'one' },
      { m_x_1: 'one', m_x_2: 'two', x: 'two' },
    ],
    ['labeldrop', { regex: 'a.*', action: 'labeldrop' }, { a: '1', ab: '2', b: '3' }, { b: '3' }],
    [
      'labelkeep',
      { regex: 'a.*', action: 'labelkeep' },
      { a: '1', ab: '2', b: '3' },
      { a: '1', ab: '2' },
    ],
    [
      'lowercase is per rune',
      { source_labels: ['a'], target_label: 'a', action: 'lowercase' },
      { a: 'ΟΔΟΣ İ' },
      { a: 'οδοσ i' },
    ],
    [
      'uppercase is per rune',
      { source_labels: ['a'], target_label: 'a', action: 'uppercase' },
      { a: 'straße ﬁ ᾳ' },
      { a: 'STRAßE ﬁ ᾼ' },
    ],
  ])('%s', (_, rule, before, after) => {
    expect(run([rule], before)).toEqual(after);
  });

  it('leave out empty labels', () => {
    expect(run([], { a: '', b: '1' })).toEqual({ b: '1' });
  });

  it('neither read nor change what objects inherit', () => {
    const labels = labelSetOf([['__proto__', 'own']]);
    const result = compileRelabelConfigs([
      { source_labels: ['constructor', '__proto__', 'toString'], target_label: 'x' },
    ]).run(labels);
    expect(Object.getPrototypeOf(result)).toBeNull();
    expect(Object.entries(result ?? {}).sort()).toEqual([
      ['__proto__', 'own'],
      ['x', ';own;'],
    ]);
    expect(Object.entries(labels)).toEqual([['__proto__', 'own']]);
  });

  it('take linear time whatever the expression is', () => {
    const rule: RelabelConfig = { source_labels: ['a'], regex: '(a+)+(b|(a*)*c)', action: 'keep' };
    expect(run([rule], { a: 'a'.repeat(20_000) })).toBeUndefined();
  });

  it.each([
    [{ regex: '(a|b' }, 'rule 1: regex "(a|b": missing closing )'],
    [{ regex: '(?=a)' }, 'invalid or unsupported Perl syntax'],
    [{ action: 'hashmod' as const, target_label: 'x' }, 'rule 1: hashmod needs a modulus'],
  ])('that cannot run are refused with their place: %j', (rule, message) => {
    const compile = () => compileRelabelConfigs([{ target_label: 'fine' }, rule]);
    expect(compile).toThrow(RelabelConfigError);
    expect(compile).toThrow(message);
  });
});

describe('the trace of relabel rules', () => {
  it('tells what each rule did, up to the one that drops the target', () => {
    const rules: readonly RelabelConfig[] = [
      { source_labels: ['seed'], target_label: 'x' },
      { source_labels: ['x'], regex: 's', action: 'drop' },
      { target_label: 'never' },
    ];
    const program = compileRelabelConfigs(rules, { seeds: [{ name: 'seed', value: 's' }] });
    const steps = program.trace(labelSetOf([['a', '1']]));
    expect(steps.map(({ config, kept }) => ({ config, kept }))).toEqual([
      { config: rules[0], kept: true },
      { config: rules[1], kept: false },
    ]);
    expect(steps.map(({ labels }) => ({ ...labels }))).toEqual([
      { a: '1', seed: 's', x: 's' },
      { a: '1', seed: 's', x: 's' },
    ]);
  });
});

const name = fc.constantFrom('a', 'ab', 'b', 'c', '__proto__', '1', 'seed');
const value = fc.constantFrom('', 'a', 'b', 'ab', 'aab', 'x;y', 'A');
const labels = fc
  .dictionary(name, value, { noNullPrototype: false })
  .map((entries) => labelSetOf(Object.entries(entries)));
const regex = fc.constantFrom(
  '(.*)',
  '(.+)',
  'a',
  '(a|b)',
  'a(.*)',
  '(.)(.*)',
  '[ab]+',
  '(.*);(.*)',
  '__.*',
  '(x)?.*',
);
const sources = fc.uniqueArray(name, { maxLength: 3 });
const template = fc.constantFrom('$1', '$2', 'a', 'b_$1', 'seed', '', '${1}$2');
const rule: fc.Arbitrary<RelabelConfig> = fc.oneof(
  fc.record({
    source_labels: sources,
    regex,
    target_label: fc.oneof(name, fc.constantFrom('$1', 'n_$1')),
    replacement: template,
  }),
  fc.record({ action: fc.constantFrom('keep', 'drop'), source_labels: sources, regex }),
  fc.record({
    action: fc.constantFrom('keepequal', 'dropequal'),
    source_labels: sources,
    target_label: name,
  }),
  fc.record({
    action: fc.constantFrom('lowercase', 'uppercase'),
    source_labels: sources,
    target_label: name,
  }),
  fc.record({
    action: fc.constant('hashmod'),
    source_labels: sources,
    target_label: name,
    modulus: fc.constant(7),
  }),
  fc.record({
    action: fc.constant('labelmap'),
    regex,
    replacement: template.filter((text) => text !== ''),
  }),
  fc.record({ action: fc.constantFrom('labeldrop', 'labelkeep'), regex }),
);

/** What the form for fixed label names says; `undecided`: it leaves these targets to the general form. */
function runForNames(program: RelabelProgram, set: LabelSet): LabelSet | undefined | 'undecided' {
  const layout = program.forNames(Object.keys(set));
  if (layout === undefined) return 'undecided';
  expect(new Set(layout.outputNames).size).toBe(layout.outputNames.length);
  const row: string[] = [];
  if (!layout.run(Object.values(set), row)) return undefined;
  const present = layout.outputNames.map((column, i) => [column, row[i] ?? ''] as const);
  return labelSetOf(present.filter(([, text]) => text !== ''));
}

describe('rules compiled for one set of label names', () => {
  it('say what the general form says', () => {
    let compared = 0;
    const property = fc.property(fc.array(rule, { maxLength: 6 }), labels, (rules, set) => {
      const program = compileRelabelConfigs(rules, { seeds: [{ name: 'seed', value: 'ab' }] });
      const special = runForNames(program, set);
      if (special === 'undecided') return;
      compared++;
      expect(special).toEqual(program.run(set));
    });
    fc.assert(property, { numRuns: 1500 });
    expect(compared).toBeGreaterThan(900);
  });

  it('keep nothing from the target before', () => {
    const program = compileRelabelConfigs([
      { source_labels: ['a'], regex: '(x)', target_label: 'y' },
    ]);
    const layout = program.forNames(['a']);
    const row: string[] = [];
    layout?.run(['x'], row);
    expect(row).toEqual(['x', 'x']);
    layout?.run(['z'], row);
    expect(row).toEqual(['z', '']);
  });
});
