import { labelSetOf, type LabelSet, type TargetGroup } from '../../../plugin-api/index.js';

/** A target group as files and answers write it. */
export interface WrittenGroup {
  readonly targets: readonly LabelSet[];
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
    targets: group.targets,
  };
}

export function sourceOf(origin: Origin, index: number): string {
  return `${origin.name}:${String(index)}`;
}

/** The labels of a target of which nothing but the address is known. */
export function addressOnly(address: string): LabelSet {
  const labels = { __address__: address };
  // Unlike an object that had no prototype from its beginning it stays one with a fixed form: smaller, and quicker to read.
  Object.setPrototypeOf(labels, null);
  return labels;
}
