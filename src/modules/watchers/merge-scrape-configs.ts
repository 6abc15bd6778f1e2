import type { SortedMap } from '../../core/collections/sorted-map.js';
import type { ScrapeConfig } from '../../core/scrape-config/model.js';
import type { SourceJobs } from './source-jobs.js';

/** Says why a collector would refuse the job; `undefined`: it would take it. */
export type RefusedByCollector = (config: ScrapeConfig) => string | undefined;

export interface MergedScrapeConfigs {
  readonly configs: SortedMap<ScrapeConfig>;
  readonly heldBack: SortedMap<string>;
}

/** What has become of the sources since the former merge. */
export interface SourceChanges {
  /** By name, in the order in which they count. */
  readonly sources: ReadonlyMap<string, SourceJobs>;
  /** The names that a source may say something else of. */
  readonly touched: Iterable<string>;
  readonly refused: RefusedByCollector;
}

export interface NextMerge extends MergedScrapeConfigs {
  /** The names whose job is another one now, or gone. */
  readonly changed: ReadonlySet<string>;
}

/**
 * Makes one map of the jobs of all sources. A collector takes either all jobs or none, so one that it would refuse is held
 * back: its last good version stays, where there is one. Of two jobs with one name, that of the earlier source counts (the
 * Go allocator takes either, at random). Only names that were touched are looked at.
 */
export function mergeScrapeConfigs(
  former: MergedScrapeConfigs,
  { sources, touched, refused }: SourceChanges,
): NextMerge {
  const configs = new Map<string, ScrapeConfig | undefined>();
  const heldBack = new Map<string, string | undefined>();
  for (const job of touched) {
    const known = former.configs.get(job);
    const { wanted, conflict } = wantedJob(job, sources);
    const refusal = wanted && refused(wanted);
    const served = refusal === undefined ? wanted : known;
    const reason = conflict ?? refusal;
    if (served !== known) configs.set(job, served);
    if (reason !== former.heldBack.get(job)) heldBack.set(job, reason);
  }
  return {
    configs: former.configs.with(configs),
    heldBack: former.heldBack.with(heldBack),
    changed: new Set(configs.keys()),
  };
}

interface WantedJob {
  readonly wanted: ScrapeConfig | undefined;
  /** Why another one of the name does not count. */
  readonly conflict: string | undefined;
}

function wantedJob(job: string, sources: ReadonlyMap<string, SourceJobs>): WantedJob {
  let owner: string | undefined;
  let wanted: ScrapeConfig | undefined;
  let conflict: string | undefined;
  for (const [source, jobs] of sources) {
    const config = jobs.get(job);
    if (config === undefined) continue;
    if (owner !== undefined || jobs.isRepeated(job)) {
      conflict = `${source} has a job of this name too, and that of ${owner ?? source} counts`;
    }
    owner ??= source;
    wanted ??= config;
  }
  return { wanted, conflict };
}
