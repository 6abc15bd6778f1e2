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

async function verdictsOfGo(oracle: Oracle, cases: readonly Case[]): Promise<Verdict[]> {
  const inputs = cases.map(({ rules, labels: sets }) => ({
    rules: rules.map((rule) => ({ ...rule, modulus: String(rule.modulus ?? 0) })),
    labels: sets.map((set) => labelSetOf(set)),
  }));
  const outputs = await oracle.ask<OracleOutput>('relabel', inputs);
  return outputs.map(({ error, results }) =>
    error === undefined ? (results ?? []).map(sorted) : 'refused',
  );
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

const show = (value: unknown): string =>
  JSON.stringify(value, (_, item: unknown) => (typeof item === 'bigint' ? String(item) : item));

describeWithOracle('relabelling is that of Prometheus', (oracle) => {
  it('for 200,000 label sets under rules of all actions', async () => {
    const seed = seedOfRun('relabel');
    const cases = fc.sample(relabelCase, { seed, numRuns: 20_000 });
    const expected = await verdictsOfGo(oracle(), cases);
    const differences = cases.flatMap((one, i) => {
      const ours = verdictOfOurs(one);
      return show(ours) === show(expected[i]) ? [] : [{ one, ours, go: expected[i] }];
    });
    const accepted = expected.filter((verdict) => verdict !== 'refused').length;
    console.info(`relabel: ${String(accepted)} of ${String(cases.length)} rule lists are valid`);
    expect(accepted).toBeGreaterThan(cases.length / 2);
    expect(differences.slice(0, 5).map(show)).toEqual([]);
  });
});
