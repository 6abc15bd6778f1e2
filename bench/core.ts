import type { CoreInput } from './core/probe.js';
import type { RuleSet } from './core/rules.js';
import { benchOptions, names, numbers } from './measure/options.js';
import { Probe } from './measure/probe.js';
import { ReportFile, type Figures } from './measure/report.js';

const allStrategies = ['consistent-hashing', 'least-weighted', 'per-node'];
const allRules: readonly RuleSet[] = ['none', 'one', 'eleven'];
const labels = 20;
const perGroup = 2;

/**
 * What the allocation engine costs without a process around it: filled with groups, one target changed, all answers
 * rendered, one collector more.
 *
 *   npm run bench -- core [--targets 1000,…] [--rules none,one,eleven] [--strategy …] [--labels 20] [--per-group 2]
 */
export async function benchCore(args: readonly string[]): Promise<void> {
  const options = benchOptions(args, ['targets', 'rules', 'strategy', 'labels', 'per-group']);
  const { given, isQuick } = options;
  const sizes = numbers(given.targets, isQuick ? [100] : [1_000, 10_000, 100_000, 800_000]);
  const file = await ReportFile.open('core', options);
  const probe = await Probe.from(new URL('core/probe.ts', import.meta.url));
  try {
    for (const targets of sizes) {
      for (const rules of names(given.rules, allRules)) {
        for (const strategy of names(given.strategy, allStrategies)) {
          const input = {
            ...{ targets, rules: rules as RuleSet, strategy },
            labels: Number(given.labels ?? labels),
            perGroup: Number(given['per-group'] ?? perGroup),
          };
          await file.add({ ...input }, await repeated(probe, input, options));
        }
      }
    }
  } finally {
    await probe.remove();
  }
  file.print();
}

/** Each run has a process of its own. Large sizes are run less often: they take long and differ little. */
async function repeated(
  probe: Probe,
  input: CoreInput,
  { isQuick, runs }: { readonly isQuick: boolean; readonly runs: number | undefined },
): Promise<readonly Figures[]> {
  const usual = input.targets < 100_000 ? 5 : input.targets < 400_000 ? 3 : 1;
  const figures: Figures[] = [];
  for (let run = 0; run < (runs ?? (isQuick ? 1 : usual)); run += 1) {
    figures.push(await probe.run(input));
  }
  return figures;
}
