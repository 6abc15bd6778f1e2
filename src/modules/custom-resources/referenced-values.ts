import type { ValueReference } from '../../plugin-api/index.js';

/** The kinds of objects whose values custom resources refer to. */
export type ReferencedKind = 'Secret' | 'ConfigMap';

/** One object that is referred to; its values are read and followed as a whole. */
export interface ReferencedObject {
  readonly kind: ReferencedKind;
  readonly namespace: string;
  readonly name: string;
}

/** What is known of one value. */
export type ReferencedValue =
  | { readonly state: 'known'; readonly text: string }
  /** The reason is a sentence that names object and key: `Secret shop/creds has no key "user"`. */
  | { readonly state: 'missing'; readonly reason: string }
  /** It is being read; the listeners are told when it has been. */
  | { readonly state: 'pending' };

/** `Secret/shop/creds`: how a {@link ReferencedObject} is named in notifications. */
export function objectKeyOf({ kind, namespace, name }: ReferencedObject): string {
  return `${kind}/${namespace}/${name}`;
}

/** The values of Secrets and ConfigMaps that custom resources refer to: read once, then followed. */
export abstract class ReferencedValues {
  /** What is known now. Asking for an unknown object makes it be read. */
  abstract get(kind: ReferencedKind, reference: ValueReference): ReferencedValue;

  /** Calls the listener with the {@link objectKeyOf key} of each object whose values have become known or changed. */
  abstract onChange(listener: (objectKey: string) => void): () => void;

  /** Says which objects the owner needs from now on; what nobody needs is forgotten. An empty list ends it. */
  abstract retain(owner: string, objects: readonly ReferencedObject[]): void;
}
