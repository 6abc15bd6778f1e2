import type { TargetGroup } from '../../../../plugin-api/index.js';
import type {
  AttachMetadata,
  Dependencies,
  DependencyKind,
  GroupContext,
} from '../groups/group-context.js';
import { keyOf } from '../objects/metadata.js';

type Known = { readonly [K in DependencyKind]?: readonly Dependencies[K][] };

/** The surroundings of an object: what is known, and which metadata is wanted. */
export function contextOf(known: Known = {}, attach: Partial<AttachMetadata> = {}): GroupContext {
  return {
    attach: {
      node: false,
      namespace: false,
      deployment: false,
      job: false,
      cronjob: false,
      ...attach,
    },
    find: <K extends DependencyKind>(kind: K, key: string) => {
      const objects: readonly Dependencies[K][] = known[kind] ?? [];
      return objects.find((object) => keyOf(object) === key);
    },
  };
}

/** A group as plain values. */
export function plain({ source, labels, targets }: TargetGroup): unknown {
  return { source, labels: { ...labels }, targets: targets.map((target) => ({ ...target })) };
}

/** The groups' labels and addresses only. */
export function addresses({ targets }: TargetGroup): readonly (string | undefined)[] {
  return targets.map((target) => target['__address__']);
}
