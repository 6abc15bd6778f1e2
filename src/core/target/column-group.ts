import { labelSetOf, type LabelSet } from '../labels/label-set.js';
import type { TargetGroup } from './target-group.js';

/**
 * A target group that is already in columns, for sources that report hundreds of thousands of targets: the engine takes
 * the values as they are, without an object for each label set. `labels` and `targets` are made for those only who ask.
 */
export class ColumnGroup implements TargetGroup {
  #labels: LabelSet | undefined;
  #targets: readonly LabelSet[] | undefined;

  /**
   * @param names The names of the group's labels: distinct, sorted by {@link compareUtf8}, and one array for all groups
   *   that have the same ones.
   * @param values For each name its value. Not to be changed any more.
   * @param addresses For each target its `__address__`, which is the only label of its own. Not to be changed any more.
   */
  constructor(
    readonly source: string,
    readonly names: readonly string[],
    readonly values: readonly string[],
    readonly addresses: readonly string[],
  ) {}

  get labels(): LabelSet {
    return (this.#labels ??= labelSetOf(
      this.names.map((name, i) => [name, this.values[i] ?? ''] as const),
    ));
  }

  get targets(): readonly LabelSet[] {
    return (this.#targets ??= this.addresses.map((address) =>
      labelSetOf([['__address__', address]]),
    ));
  }
}

/** How many targets a group has, without making their label sets. */
export function sizeOf(group: TargetGroup): number {
  return group instanceof ColumnGroup ? group.addresses.length : group.targets.length;
}
