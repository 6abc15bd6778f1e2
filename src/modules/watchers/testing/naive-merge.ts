import type { ScrapeConfig } from '../../../core/scrape-config/model.js';
import type { RefusedByCollector } from '../merge-scrape-configs.js';

export interface NaiveMerge {
  readonly configs: ReadonlyMap<string, ScrapeConfig>;
  readonly heldBack: ReadonlyMap<string, string>;
}

/** What the merge of all sources comes to, made of all jobs each time: what the one that follows changes must equal. */
export function naiveMerge(
  sources: Iterable<readonly [string, readonly ScrapeConfig[]]>,
  former: NaiveMerge['configs'],
  refused: RefusedByCollector,
): NaiveMerge {
  const configs = new Map<string, ScrapeConfig>();
  const heldBack = new Map<string, string>();
  const owners = new Map<string, string>();
  for (const [source, list] of sources) {
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
