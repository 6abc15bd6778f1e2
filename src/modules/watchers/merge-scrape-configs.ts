import type { ScrapeConfig } from '../../core/scrape-config/model.js';
import type { ServedScrapeConfigs } from './served-scrape-configs.js';

/** What one source says its jobs are. */
export interface SourcedScrapeConfigs {
  readonly source: string;
  readonly configs: readonly ScrapeConfig[];
}

/** Says why a collector would refuse the job; `undefined`: it would take it. */
export type RefusedByCollector = (config: ScrapeConfig) => string | undefined;

export interface MergedScrapeConfigs {
  readonly configs: ServedScrapeConfigs['configs'];
  readonly heldBack: ServedScrapeConfigs['heldBack'];
}

/**
 * Makes one map of jobs out of the lists of all sources, in the order of the sources. A collector takes either all jobs
 * or none, so one that it would refuse is held back: its last good version stays, where there is one. Of two jobs with
 * one name, that of the earlier source counts (the Go allocator takes either, at random).
 */
export function mergeScrapeConfigs(
  sources: readonly SourcedScrapeConfigs[],
  former: MergedScrapeConfigs['configs'],
  refused: RefusedByCollector,
): MergedScrapeConfigs {
  const configs = new Map<string, ScrapeConfig>();
  const heldBack = new Map<string, string>();
  const owners = new Map<string, string>();
  for (const { source, configs: list } of sources) {
    for (const config of list) {
      const job = config.job_name;
      const owner = owners.get(job);
      if (owner !== undefined) {
        heldBack.set(job, `${source} has a job of this name too, and that of ${owner} counts`);
        continue;
      }
      owners.set(job, source);
      const reason = refused(config);
      if (reason !== undefined) heldBack.set(job, reason);
      const served = reason === undefined ? config : former.get(job);
      if (served !== undefined) configs.set(job, served);
    }
  }
  return { configs: sortedByJob(configs), heldBack: sortedByJob(heldBack) };
}

function sortedByJob<T>(byJob: ReadonlyMap<string, T>): ReadonlyMap<string, T> {
  return new Map([...byJob].sort(([a], [b]) => (a < b ? -1 : 1)));
}
