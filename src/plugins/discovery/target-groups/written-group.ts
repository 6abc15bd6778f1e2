import { labelSetOf, type LabelSet, type TargetGroup } from '../../../plugin-api/index.js';

/** A target group as files and answers write it. */
export interface WrittenGroup {
  readonly targets: readonly string[];
  readonly labels: Iterable<readonly [string, string]>;
}

/** Where groups come from. */
export interface Origin {
  /** The file or URL; the groups' sources are `origin:index`, as in Prometheus. */
  readonly name: string;
  /** The label that tells of it: `__meta_filepath`, `__meta_url`. It counts more than a written one. */
  readonly label: string;
}

export function targetGroup(group: WrittenGroup, origin: Origin, index: number): TargetGroup {
  return {
    source: sourceOf(origin, index),
    labels: labelSetOf([...group.labels, [origin.label, origin.name]]),
    targets: group.targets.map(addressOnly),
  };
}

export function sourceOf(origin: Origin, index: number): string {
  return `${origin.name}:${String(index)}`;
}

function addressOnly(address: string): LabelSet {
  return labelSetOf([['__address__', address]]);
}
