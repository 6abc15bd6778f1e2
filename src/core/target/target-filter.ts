import type { LabelSet } from '../labels/label-set.js';

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

/** The filter of one job, ready to run. */
export interface JobFilter {
  /** Filters with an equal key give equal answers, so that jobs share what is compiled and a re-run is spared. */
  readonly key: string;
  readonly run: FilterTarget;
  /** The same filter for one set of label names (sorted); `undefined`: these targets take the way of `run`. */
  readonly compile?: (names: readonly string[]) => FilterProgram | undefined;
}
