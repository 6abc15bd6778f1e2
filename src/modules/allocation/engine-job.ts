import type { ScrapeConfig } from '../../core/scrape-config/model.js';
import type { EngineJob } from '../../core/allocation/engine.js';
import type { TargetFilter } from '../../plugin-api/index.js';

/** What the engine is told of each job: where its targets come from, and which of them it keeps. */
export function engineJobs(
  jobProviders: ReadonlyMap<string, readonly string[]>,
  configs: ReadonlyMap<string, ScrapeConfig>,
  filter: TargetFilter | undefined,
): readonly EngineJob[] {
  const jobs: EngineJob[] = [];
  for (const [name, providers] of jobProviders) {
    const config = configs.get(name);
    if (config === undefined) continue;
    jobs.push({ name, providers, filter: filter && preparedFilter(config, filter) });
  }
  return jobs;
}

function preparedFilter(config: ScrapeConfig, filter: TargetFilter): EngineJob['filter'] {
  return {
    key: filter.key?.(config) ?? JSON.stringify(config),
    run: filter.prepare(config),
    compile: (names) => filter.compile?.(config, names),
  };
}
