import type { KubernetesSdConfig } from '../../../../plugin-api/index.js';
import type { LabelEntry } from '../labels.js';
import type { NamedObject } from '../objects/metadata.js';
import type { Node } from '../objects/node.js';
import type { Owner } from '../objects/owner.js';
import type { Pod } from '../objects/pod.js';
import type { Service } from '../objects/service.js';

/** The kinds of objects that the labels of other objects' targets come from. */
export interface Dependencies {
  readonly pod: Pod;
  readonly service: Service;
  readonly node: Node;
  readonly namespace: NamedObject;
  readonly replicaSet: Owner;
  readonly job: Owner;
}
export type DependencyKind = keyof Dependencies;

/** Which labels are wanted besides those of the role. */
export type AttachMetadata = NonNullable<KubernetesSdConfig['attach_metadata']>;

/** What the groups of an object are made with. */
export interface GroupContext {
  readonly attach: AttachMetadata;
  /** The object of that key (`namespace/name`, or `name`), as it is known now. */
  find<K extends DependencyKind>(kind: K, key: string): Dependencies[K] | undefined;
}

/** The labels of a node that something runs on; none for one that is not known. */
export function attachedNodeLabels(
  name: string | undefined,
  context: GroupContext,
): readonly LabelEntry[] {
  if (!context.attach.node || name === undefined) return [];
  const node = context.find('node', name);
  return node === undefined ? [] : [['__meta_kubernetes_node_name', node.name], ...node.metaLabels];
}

/** The labels of an object's namespace. */
export function attachedNamespaceLabels(
  name: string,
  context: GroupContext,
): readonly LabelEntry[] {
  return context.attach.namespace ? (context.find('namespace', name)?.metaLabels ?? []) : [];
}
