import { type LabelSet, labelSetOf } from '../../core/labels/label-set.js';
import type { ScrapeConfig } from '../../core/scrape-config/model.js';
import type { FilterDefinition } from '../define.js';
import type { TargetFilter } from '../policy.js';
import { type ContractRunner, deepFreeze, mustHold } from './contract-runner.js';
import { fakeContext } from './fake-context.js';
import { sampleTargets } from './sample-targets.js';

/** What a filter is tried with. */
export interface FilterSamples {
  /** Jobs whose settings the filter looks at. */
  readonly jobs: readonly ScrapeConfig[];
  /** @default the labels of 60 of `sampleTargets` */
  readonly labels?: readonly LabelSet[];
}

/**
 * Defines the tests that every target filter must pass.
 *
 * @param options What `create` gets.
 */
export function filterContract<Config>(
  { describe, it }: ContractRunner,
  definition: FilterDefinition<Config>,
  options: Config,
  samples: FilterSamples,
): void {
  const jobs = deepFreeze(samples.jobs);
  const labelSets = deepFreeze(samples.labels ?? sampleTargets(60).map(({ labels }) => labels));
  const make = (): TargetFilter => definition.create(options, fakeContext());
  const answers = (filter: TargetFilter): readonly string[] =>
    jobs.flatMap((job) => {
      const run = filter.prepare(job);
      return labelSets.map((labels) => textOf(run(labels)));
    });

  describe(`the filter ${definition.name} keeps the contract`, () => {
    it('gives the same answers to the same questions, and changes nothing that it is given', () => {
      mustBeEqual(answers(make()), answers(make()), 'two instances');
    });
    it('does not remember what it was asked before', () => {
      const filter = make();
      mustBeEqual(answers(filter), answers(filter), 'a second time');
    });
    it('gives the same answers in its compiled form', () => {
      for (const job of jobs) mustAgreeWithItself(make(), job, labelSets);
    });
  });
}

function mustAgreeWithItself(
  filter: TargetFilter,
  job: ScrapeConfig,
  labelSets: readonly LabelSet[],
): void {
  const run = filter.prepare(job);
  for (const labels of labelSets) {
    const names = Object.keys(labels).sort();
    const program = filter.compile?.(job, names);
    if (program === undefined) continue;
    const input = names.map((name) => labels[name] ?? '');
    const row = program.outputNames.map(() => '');
    const kept = program.run(input, row);
    const byRow = program.outputNames.map((name, index) => [name, row[index] ?? ''] as const);
    const compiled = kept ? labelSetOf(byRow.filter(([, value]) => value !== '')) : undefined;
    mustBeEqual([textOf(run(labels))], [textOf(compiled)], `compiled for ${job.job_name}`);
  }
}

function mustBeEqual(expected: readonly string[], actual: readonly string[], what: string): void {
  expected.forEach((answer, index) => {
    const other = actual[index] ?? '';
    mustHold(answer === other, () => `${what}: ${answer} is not ${other}`);
  });
}

/** Empty values are as good as absent ones. */
function textOf(labels: LabelSet | undefined): string {
  if (labels === undefined) return 'dropped';
  const entries = Object.entries(labels).filter(([, value]) => value !== '');
  return JSON.stringify(entries.sort(([a], [b]) => (a < b ? -1 : 1)));
}
