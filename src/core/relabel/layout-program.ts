import { compareUtf8 } from '../labels/compare-utf8.js';
import { LayoutCompiler } from './layout-compiler.js';
import type { RelabelRule } from './rule.js';
import type { Seed } from './seeds.js';

/** Relabel rules compiled for one set of label names: values in, values out. */
export interface LayoutProgram {
  /** Names of the labels that can be present afterwards, sorted, without duplicates. */
  readonly outputNames: readonly string[];
  /**
   * Relabels one target.
   *
   * @param input The value of each input name, `''` where it is absent.
   * @param output Gets the value of each output name, `''` where it is absent; left alone when the target is dropped.
   * @returns Whether the target is kept.
   */
  run(input: readonly string[], output: string[]): boolean;
}

const dropsAll: LayoutProgram = { outputNames: [], run: () => false };

/**
 * Compiles rules for targets with exactly these label names.
 *
 * @returns `undefined` when the labels that come out depend on values.
 */
export function compileLayout(
  rules: readonly RelabelRule[],
  seeds: readonly Seed[],
  names: readonly string[],
): LayoutProgram | undefined {
  const compiler = new LayoutCompiler(names);
  for (const seed of seeds) compiler.seed(seed);
  for (const rule of rules) {
    const outcome = compiler.rule(rule);
    if (outcome === 'drops all') return dropsAll;
    if (outcome === 'depends on values') return undefined;
  }
  return programOf(compiler, names.length);
}

function programOf({ slots, steps }: LayoutCompiler, inputs: number): LayoutProgram {
  const outputs = slots
    .possiblyPresent()
    .map((slot) => ({ name: slots.nameOf(slot), value: slots.known(slot) ?? slot }))
    .sort((a, b) => compareUtf8(a.name, b.name));
  // This runs for every target: plain loops over numbers, where a closure for each label would be felt.
  const fromSlot = Int32Array.from(outputs, ({ value }) =>
    typeof value === 'string' ? -1 : value,
  );
  const known = outputs.map(({ value }) => (typeof value === 'string' ? value : ''));
  const values = Array.from({ length: slots.size }, () => '');
  return {
    outputNames: outputs.map(({ name }) => name),
    run: (input, output) => {
      for (let slot = 0; slot < inputs; slot++) values[slot] = input[slot] ?? '';
      for (let slot = inputs; slot < values.length; slot++) values[slot] = '';
      for (const step of steps) if (!step(values)) return false;
      for (let i = 0; i < fromSlot.length; i++) {
        const slot = fromSlot[i] ?? -1;
        output[i] = (slot < 0 ? known[i] : values[slot]) ?? '';
      }
      return true;
    },
  };
}
