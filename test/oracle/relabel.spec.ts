import fc from 'fast-check';
import { expect, it } from 'vitest';
import { labelSetOf, type LabelSet } from '../../src/core/labels/label-set.js';
import { compileRelabelConfigs, type RelabelProgram } from '../../src/core/relabel/program.js';
import type { RelabelConfig } from '../../src/core/scrape-config/model.js';
import { labels, relabelConfig } from './arbitraries.js';
import { describeWithOracle, seedOfRun, type Oracle } from './oracle.js';

interface Case {
  readonly rules: readonly RelabelConfig[];
  readonly labels: readonly (readonly (readonly [string, string])[])[];
}
type Result = readonly (readonly [string, string])[] | 'dropped';
type Verdict = 'refused' | readonly Result[];

interface OracleOutput {
  readonly error?: string;
  readonly results?: readonly (Readonly<Record<string, string>> | null)[];
}

const relabelCase: fc.Arbitrary<Case> = fc.record({
  rules: fc.array(relabelConfig, { minLength: 1, maxLength: 5 }),
  labels: fc.array(labels, { minLength: 10, maxLength: 10 }),
});

/** `JSON.parse` keeps `__proto__` as an own property; entries show it where it would hide in a comparison. */
function sorted(set: Readonly<Record<string, string>> | null | undefined): Result {
  if (set === null || set === undefined) return 'dropped';
  return Object.entries(set).sort(([a], [b]) => (a < b ? -1 : 1));
}

async function verdictOfGo(oracle: Oracle, { rules, labels: sets }: Case): Promise<Verdict> {
  const input = {
    rules: rules.map((rule) => ({ ...rule, modulus: String(rule.modulus ?? 0) })),
    labels: sets.map((set) => labelSetOf(set)),
  };
  const [output] = await oracle.ask<OracleOutput>('relabel', [input]);
  return output?.results?.map(sorted) ?? 'refused';
}

function runForNames(program: RelabelProgram, set: LabelSet): LabelSet | undefined | 'undecided' {
  const names = Object.keys(set);
  const layout = program.forNames(names);
  if (layout === undefined) return 'undecided';
  const output: string[] = [];
  if (!layout.run(Object.values(set), output)) return undefined;
  return labelSetOf(
    layout.outputNames
      .map((name, i) => [name, output[i] ?? ''] as const)
      .filter(([, value]) => value !== ''),
  );
}

/** Our verdict by both ways; where the second one answers, it must answer as the first one does. */
function verdictOfOurs({ rules, labels: sets }: Case): Verdict {
  let program: RelabelProgram;
  try {
    program = compileRelabelConfigs(rules);
  } catch {
    return 'refused';
  }
  return sets.map((entries) => {
    const set = labelSetOf(entries);
    const result = sorted(program.run(set));
    const byLayout = runForNames(program, set);
    if (byLayout !== 'undecided') expect(sorted(byLayout)).toEqual(result);
    return result;
  });
}

/** The cases on which the two ever differed, and those that are easily got wrong. */
const kept: readonly Case[] = [
  {
    // Of several labels mapped to one name the last one wins: original ones by name, then set ones by age.
    rules: [
      { target_label: 'x_z', replacement: 'set first' },
      { target_label: 'x_a', replacement: 'set last' },
      { action: 'labelmap', regex: 'x_.', replacement: 'won' },
    ],
    labels: [[['x_m', 'original']], [['x_z', 'original']], []],
  },
  {
    rules: [{ action: 'labelmap', regex: '(.)(.)', replacement: '$2$1' }],
    labels: [
      [
        ['ab', '1'],
        ['ba', '2'],
      ],
    ],
  },
  {
    rules: [{ source_labels: ['a'], target_label: '$1', replacement: 'x' }],
    labels: [[['a', '__proto__']], [['a', '']]],
  },
  {
    rules: [{ action: 'labelmap', regex: 'a(.*)', replacement: '$1' }],
    labels: [[['a', 'goes to the label without a name']]],
  },
];

async function check(oracle: Oracle, one: Case): Promise<boolean> {
  const expected = await verdictOfGo(oracle, one);
  expect(verdictOfOurs(one)).toEqual(expected);
  return expected !== 'refused';
}

describeWithOracle('relabelling is that of Prometheus', (oracle) => {
  it.each(kept)('for case %# that is known to be hard', async (one) => {
    expect(await check(oracle(), one)).toBe(true);
  });

  it('for 200,000 label sets under rules of all actions', async () => {
    const seed = seedOfRun('relabel');
    const numRuns = 20_000;
    let accepted = 0;
    const property = fc.asyncProperty(relabelCase, async (one) => {
      if (await check(oracle(), one)) accepted++;
    });
    await fc.assert(property, { seed, numRuns });
    console.info(`relabel: ${String(accepted)} of ${String(numRuns)} rule lists are valid`);
    expect(accepted).toBeGreaterThan(numRuns / 2);
  });
});
