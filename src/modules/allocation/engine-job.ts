import type { ScrapeConfig } from '../../core/scrape-config/model.js';
import type { EngineJob } from '../../core/allocation/engine.js';
import type { TargetFilter } from '../../plugin-api/index.js';

/**
 * What the engine is told of each job that there is: where its targets come from, and which of them it keeps.
 * Interruptible between jobs.
 */
export function* engineJobs(
  jobProviders: ReadonlyMap<string, readonly string[] | undefined>,
  configs: ReadonlyMap<string, ScrapeConfig>,
  filter: TargetFilter | undefined,
): Generator<void, readonly EngineJob[]> {
  const jobs: EngineJob[] = [];
  for (const [name, providers] of jobProviders) {
    const config = configs.get(name);
    if (config === undefined || providers === undefined) continue;
    jobs.push({ name, providers, filter: filter && preparedFilter(config, filter) });
    yield;
  }
  return jobs;
}

type PreparedFilter = NonNullable<EngineJob['filter']>;

/** By filter and job: with thousands of jobs a change of one must not cost the preparation of all. */
const prepared = new WeakMap<TargetFilter, WeakMap<ScrapeConfig, PreparedFilter>>();

function preparedFilter(config: ScrapeConfig, filter: TargetFilter): PreparedFilter {
  const byConfig = prepared.get(filter) ?? new WeakMap<ScrapeConfig, PreparedFilter>();
  prepared.set(filter, byConfig);
  const made = byConfig.get(config) ?? prepare(config, filter);
  byConfig.set(config, made);
  return made;
}

/** The filter itself is made with the job's first target: many jobs at once would hold up everything else. */
function prepare(config: ScrapeConfig, filter: TargetFilter): PreparedFilter {
  let run: PreparedFilter['run'] | undefined;
  return {
    key: filter.key?.(config) ?? JSON.stringify(config),
    run: (labels) => (run ??= filter.prepare(config))(labels),
    compile: (names) => filter.compile?.(config, names),
  };
}
