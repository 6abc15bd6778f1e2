import { labelSetOf, type LabelSet } from './label-set.js';

/**
 * The labels of a target: those of its group and its own, which win. Empty values count as values here, as in the Go
 * allocator: a target's empty label hides the group's.
 */
export function mergeLabels(group: LabelSet, target: LabelSet): LabelSet {
  return labelSetOf([...Object.entries(group), ...Object.entries(target)]);
}
