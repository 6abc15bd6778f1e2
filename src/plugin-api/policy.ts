import type { LabelSet } from '../core/labels/label-set.js';
import type { ScrapeConfig } from '../core/scrape-config/model.js';

export type {
  AllocationStrategy,
  Chooser,
  KeyedPlacement,
  Load,
  PickCollector,
} from '../core/allocation/strategy.js';

/** Relabels one target: labels in, labels out; `undefined`: dropped. Pure. */
export type FilterTarget = (labels: LabelSet) => LabelSet | undefined;

/**
 * The filter of one job compiled for targets with exactly these label names, for hosts that keep targets in columns.
 * `run` gets the values in the order of the names and must answer as {@link FilterTarget} would.
 */
export interface FilterProgram {
  /** Names of the labels that can be present after the run, in the order of the output row; no duplicates. */
  readonly outputNames: readonly string[];
  /**
   * Writes the value of each output label to `output` (`''`: absent) and returns whether the target is kept.
   * `input[i]` is the value of the i-th input name.
   */
  run(input: readonly string[], output: string[]): boolean;
}

/** Decides which targets of a job are kept, and which of them are the same. */
export interface TargetFilter {
  /** Called once for each job and configuration. */
  prepare(job: ScrapeConfig): FilterTarget;
  /**
   * Names everything of the job that the filter looks at: with an equal key the answers are equal, so that a change to
   * other parts of the job costs nothing. @default the whole configuration of the job
   */
  key?(job: ScrapeConfig): string;
  /**
   * A faster way, optional: the same filter compiled for one set of label names (sorted). `undefined`: which labels there
   * are afterwards depends on values, so these targets take the way of {@link TargetFilter.prepare}.
   */
  compile?(job: ScrapeConfig, names: readonly string[]): FilterProgram | undefined;
}
