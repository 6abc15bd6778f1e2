import type { LabelSet } from '../labels/label-set.js';
import type { Collector } from './collector.js';

/** What is known of one job's targets. */
export interface JobSummary {
  readonly job: string;
  /** Targets discovered, before filtering (the gauge `opentelemetry_allocator_targets`). */
  readonly discovered: number;
  /** Targets kept by the filter, before equal ones are merged (part of `…_targets_remaining`). */
  readonly remaining: number;
  /** Distinct targets: those that are assigned and those that are not. */
  readonly targets: number;
  /** Distinct targets without a collector. */
  readonly unassigned: number;
}

/** One target as pages and APIs show it. */
export interface TargetView {
  readonly job: string;
  /** The target's own `__address__`, before relabeling. */
  readonly address: string;
  /** The labels as served to collectors: discovered, before relabeling. */
  readonly labels: LabelSet;
  /** Its collector; `undefined`: unassigned. */
  readonly collector: string | undefined;
  /** Why it is unassigned. */
  readonly reason: string | undefined;
  /**
   * The Go allocator's `target_hash`, a decimal unsigned 64-bit number: xxhash64 over the sorted labels after relabeling
   * that are not `__meta_*` (name 0xff value 0xff …), then the job name. Computed when read.
   */
  readonly hash: string;
}

/** Which targets to list. */
export interface TargetQuery {
  readonly job?: string;
  /** A collector's name; `null`: only unassigned targets. */
  readonly collector?: string | null;
  /** Only the target with this `target_hash`. */
  readonly hash?: string;
}

/**
 * One consistent state of the allocation (one generation), as everything that answers requests sees it. All methods are
 * synchronous and see the same generation as long as nothing is awaited between them.
 */
export interface AllocationView {
  /** Grows by at least one with each visible change. */
  readonly generation: number;
  /** The collectors that targets are assigned to, sorted by name. */
  readonly collectors: readonly Collector[];
  /** Every job that discovery knows of, sorted by name, also those without targets. */
  jobs(): readonly JobSummary[];
  job(name: string): JobSummary | undefined;
  /** Targets assigned to a collector, over all jobs; 0 for an unknown one. */
  targetsPerCollector(collector: string): number;
  /** Targets of one job assigned to a collector. */
  targetsOfJob(collector: string, job: string): number;
  /**
   * The HTTP_SD answer for one job and collector: UTF-8 JSON, an array of `{"targets":[address],"labels":{…}}`, one
   * element for each target; `[]` and a newline-free body for an unknown job or collector. The same bytes (and the same
   * object) as long as the answer does not change, so that callers may keep what they derive from it in a WeakMap.
   *
   * @see https://prometheus.io/docs/prometheus/latest/http_sd/
   */
  targetsBody(job: string, collector: string): Uint8Array;
  /** Changes exactly when {@link targetsBody} may have changed; equal versions mean equal bytes within this process. */
  targetsVersion(job: string, collector: string): number;
  /** Lists targets, sorted by job, then address. */
  targets(query: TargetQuery): Iterable<TargetView>;
}
