import {
  type AllocationStrategy,
  type Collector,
  compareUtf8,
  definePlugin,
  defineStrategy,
  type Load,
  type StandardSchema,
  type Target,
} from 'target-allocator/plugin-api';

/** What users write under `options`. */
export interface MyNameOptions {
  /** What is spread evenly: all targets of a collector, or those of each job. */
  readonly spread: 'targets' | 'jobs';
}

/** Checks the options and fills in defaults. Any library that speaks Standard Schema does it, too: zod, valibot, … */
export const optionsSchema: StandardSchema<MyNameOptions> = {
  '~standard': {
    version: 1,
    vendor: 'my-name',
    validate: (value) => {
      const { spread = 'targets' }: Partial<Record<string, unknown>> = value ?? {};
      return spread === 'targets' || spread === 'jobs'
        ? { value: { spread } }
        : { issues: [{ message: 'must be targets or jobs', path: ['spread'] }] };
    },
  },
};

/** Gives a new target to the collector that has the least; it stays there as long as that collector exists. */
function strategyOf({ spread }: MyNameOptions): AllocationStrategy {
  const loadOf = (collector: string, target: Target, load: Load): number =>
    spread === 'jobs' ? load.targetsOfJob(collector, target.job) : load.targets(collector);
  return {
    sticky: true,
    // Labels that the strategy looks at; the host need not make any others.
    reads: [],
    prepare: (collectors: readonly Collector[]) => {
      // The order in which collectors come must not matter.
      const names = collectors.map(({ name }) => name).sort(compareUtf8);
      return (target, current, load) => {
        if (current !== undefined) return current;
        let least: string | undefined;
        let leastLoad = Infinity;
        for (const name of names) {
          const its = loadOf(name, target, load);
          if (its < leastLoad) [least, leastLoad] = [name, its];
        }
        return least;
      };
    },
  };
}

export const myNameStrategy = defineStrategy<MyNameOptions>({
  name: 'my-name',
  stability: 'alpha',
  configSchema: optionsSchema,
  create: strategyOf,
});

export default definePlugin({ name: 'my-package', provides: [myNameStrategy] });
