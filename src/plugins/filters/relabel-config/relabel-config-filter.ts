import {
  compileRelabelConfigs,
  defineFilter,
  seedsOf,
  withoutSharding,
  type RelabelProgram,
  type ScrapeConfig,
  type TargetFilter,
} from '../../../plugin-api/index.js';

function programOf(job: ScrapeConfig): RelabelProgram {
  return compileRelabelConfigs(withoutSharding(job.relabel_configs ?? []), {
    seeds: seedsOf(job),
    nameValidationScheme: job.metric_name_validation_scheme === 'legacy' ? 'legacy' : 'utf8',
  });
}

/** Compiles a job's rules once, however many sets of label names its targets have. */
class RelabelConfigFilter implements TargetFilter {
  readonly #programs = new WeakMap<ScrapeConfig, RelabelProgram>();

  prepare(job: ScrapeConfig): ReturnType<TargetFilter['prepare']> {
    const program = this.#program(job);
    return (labels) => program.run(labels);
  }

  compile(job: ScrapeConfig, names: readonly string[]): ReturnType<RelabelProgram['forNames']> {
    return this.#program(job).forNames(names);
  }

  #program(job: ScrapeConfig): RelabelProgram {
    const known = this.#programs.get(job);
    if (known !== undefined) return known;
    const program = programOf(job);
    this.#programs.set(job, program);
    return program;
  }
}

/**
 * Keeps the targets that a job's `relabel_configs` keep, as its collector will: with the labels that Prometheus gives to
 * every target of the job, and without the sharding rules of the Prometheus operator.
 */
export const relabelConfigFilter = defineFilter({
  name: 'relabel-config',
  stability: 'stable',
  create: () => new RelabelConfigFilter(),
});
