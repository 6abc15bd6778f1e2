import { readFileSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse } from 'yaml';
import { realPart } from '../../fixtures/real-parts/real-parts.js';
import { runProgram } from '../../fixtures/run-program.js';
import { yamlText } from '../../fixtures/yaml-text.js';
import { chartFolder } from './chart.js';

export interface AlertRule {
  readonly alert: string;
  readonly expr: string;
  readonly for?: string;
  readonly labels?: Readonly<Record<string, string>>;
  readonly annotations?: Readonly<Record<string, string>>;
}

/** One look at an alert in `tests.yaml`. */
export interface AlertTest {
  readonly alertname: string;
  readonly exp_alerts: readonly object[];
}

export const promtool = realPart('promtool');
export const rulesFolder = join(chartFolder, 'rules');
export const rulesFile = 'target-allocator.yaml';

interface RuleFile {
  readonly groups: readonly { readonly rules: readonly AlertRule[] }[];
}
interface TestFile {
  readonly tests: readonly { readonly alert_rule_test: readonly AlertTest[] }[];
}

export function alertRules(): readonly AlertRule[] {
  const file = parse(readFileSync(join(rulesFolder, rulesFile), 'utf8')) as RuleFile;
  return file.groups.flatMap(({ rules }) => rules);
}

export function alertTests(): readonly AlertTest[] {
  const file = parse(readFileSync(join(rulesFolder, 'tests.yaml'), 'utf8')) as TestFile;
  return file.tests.flatMap(({ alert_rule_test }) => alert_rule_test);
}

/** Runs promtool in the folder of the rules. @throws Error with what it says when it refuses. */
export async function runPromtool(...args: readonly string[]): Promise<string> {
  return runProgram(promtool ?? 'promtool', args, rulesFolder);
}

/** Has promtool read expressions. @throws Error with its words on the first that is none. */
export async function checkExpressions(expressions: readonly string[]): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'expressions-'));
  try {
    const rules = expressions.map((expr, at) => ({ record: `expression_${String(at)}`, expr }));
    const file = join(folder, 'expressions.yaml');
    await writeFile(file, yamlText({ groups: [{ name: 'expressions', rules }] }));
    return await runPromtool('check', 'rules', file);
  } finally {
    await rm(folder, { recursive: true });
  }
}
