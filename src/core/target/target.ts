import type { LabelSet } from '../labels/label-set.js';

/** A discovered target of one job, as a strategy sees it. */
export interface Target {
  /** The job (`job_name`) that scrapes it. */
  readonly job: string;
  /**
   * The target's own `__address__` before relabeling, `''` when it has none. An `__address__` among the labels of its
   * group does not count here (as in the Go allocator, where it makes the hashing key empty).
   */
  readonly address: string;
  /** The discovered labels: those of the group and of the target merged, before relabeling. */
  readonly labels: LabelSet;
}
