import type { LabelSet } from '../labels/label-set.js';

/**
 * Targets that share labels, as a discovery mechanism reports them.
 *
 * @see https://github.com/prometheus/prometheus/blob/v3.14.0/discovery/targetgroup/targetgroup.go
 */
export interface TargetGroup {
  /** Names the group within its provider; a group with the same source replaces the former one. */
  readonly source: string;
  /** Labels of every target of the group; a target's own label of the same name wins. */
  readonly labels: LabelSet;
  /** The labels of each target; `__address__` is `host:port`. No targets: the group is deleted. */
  readonly targets: readonly LabelSet[];
}
