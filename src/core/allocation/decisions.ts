import type { AllocationView } from './allocation-view.js';

/**
 * A target's identity that every process computes alike: a hash of the labels after relabeling that are neither
 * `__meta_*` nor empty. Unlike the identity that targets are told apart by it has no secret seed, so that a tenant can
 * make two targets of one hash; all that comes of it is that they are decided alike.
 */
export interface DecidedTargets {
  /** The upper and the lower half of each hash, in no order. */
  readonly high: Int32Array;
  readonly low: Int32Array;
}

/** The targets of one job that one collector has, as another process can use them. */
export interface OwnedTargets extends DecidedTargets {
  readonly job: string;
  readonly collector: string;
  /** As that of the answer: equal versions mean equal targets within one process. 0: the collector has none of the job. */
  readonly version: number;
}

/** In the place of a collector's name: the targets that no collector was chosen for. */
export const NOBODY = '';

/** Who has which target, as another process can use it, and what of it has changed. */
export interface OwnersView extends Pick<AllocationView, 'generation' | 'job'> {
  /**
   * The jobs that may have changed after a generation (0: all that there are), in no order. Those that are gone are not
   * among them: they are gone when `job` does not know them.
   */
  changedJobs(since: number): readonly string[];
  /** The collectors that have targets of a job, each with {@link OwnedTargets.version}; empty for an unknown job. */
  versions(job: string): ReadonlyMap<string, number>;
  /**
   * The targets of a job that these collectors (or {@link NOBODY}) have: one element for each collector, in their order,
   * also for one that has none. It is one pass over the job however many are asked for. It can be interrupted at each
   * yield; when the job changes meanwhile it starts again, so that what it returns is one state: the present one when it
   * ends.
   */
  owners(job: string, collectors: Iterable<string>): Generator<void, readonly OwnedTargets[]>;
}

/**
 * Who was given which target, as another replica has decided or an earlier life of this one had. It may be asked about a
 * target more than once, and by whoever reads why a target waits, so asking must not change the answer. Where an answer
 * changes the engine is told ({@link AllocationEngine.redecide}), which then asks about every target of the job.
 */
export interface Decisions {
  /** The collector's name; `undefined`: nothing was decided for this target. */
  collectorOf(job: string, high: number, low: number): string | undefined;
}

/**
 * How decisions count. `remembered`: a target that has no collector begins with the decided one while that one exists; a
 * sticky strategy leaves it there, others are asked with it as the present one, and without a decision the strategy
 * decides. `followed`: nothing but the decisions decides; a target without one, or with one for a collector that does not
 * exist, is unassigned. Strategies that are keyed need neither: their answers are the same everywhere.
 */
export type Guidance =
  | { readonly kind: 'remembered'; readonly decisions: Decisions }
  | { readonly kind: 'followed'; readonly decisions: Decisions };
