import {
  emptyLabelSet,
  labelSetOf,
  readTargetGroupsYaml,
  type TargetGroup,
} from 'target-allocator/plugin-api';

/** Etcd itself takes no more than 1.5 MiB unless it is told to. */
const LONGEST_VALUE = 16 * 1024 * 1024;

/** What a key means, or why it means nothing. */
export type KeyGroups =
  | { readonly ok: true; readonly groups: readonly TargetGroup[] }
  | { readonly ok: false; readonly problem: string };

/** Reads the value of a key as Prometheus reads a file of target groups (JSON or YAML). */
export function readKeyGroups(key: string, value: string): KeyGroups {
  const read = readTargetGroupsYaml(value, LONGEST_VALUE);
  if (!read.ok) return read;
  const groups = read.groups.map(({ targets, labels = emptyLabelSet }, index) => ({
    source: `${key}:${String(index)}`,
    labels: labelSetOf([...Object.entries(labels), ['__meta_etcd_key', key]]),
    targets: targets.map((address) => labelSetOf([['__address__', address]])),
  }));
  return { ok: true, groups };
}
