import { labelName, metaPrefix, type LabelEntry } from '../labels.js';
import type { Fields } from './fields.js';

/** What every object has. */
export interface NamedObject {
  /** `''` for cluster-wide kinds. */
  readonly namespace: string;
  readonly name: string;
  /** The labels that targets get from the object's labels and annotations, each with its `present` twin. */
  readonly metaLabels: readonly LabelEntry[];
}

/** @param resource What the labels are named after: `pod` for `__meta_kubernetes_pod_label_…`. */
export function readNamed(object: Fields, resource: string): NamedObject {
  const metadata = object.object('metadata');
  return {
    namespace: metadata.text('namespace'),
    name: metadata.text('name'),
    metaLabels: [
      ...withPresence(metadata.pairs('labels'), `${metaPrefix}${resource}_label`),
      ...withPresence(metadata.pairs('annotations'), `${metaPrefix}${resource}_annotation`),
    ],
  };
}

/** `namespace/name`, or `name` for cluster-wide kinds. */
export function keyOf({ namespace, name }: Pick<NamedObject, 'namespace' | 'name'>): string {
  return namespace === '' ? name : `${namespace}/${name}`;
}

/** The owner that manages an object. */
export interface Controller {
  readonly kind: string;
  readonly name: string;
}

export function readController(object: Fields): Controller | undefined {
  const owner = object
    .object('metadata')
    .list('ownerReferences')
    .find((reference) => reference.flag('controller') === true);
  return owner && { kind: owner.text('kind'), name: owner.text('name') };
}

function withPresence(
  pairs: readonly (readonly [key: string, value: string])[],
  prefix: string,
): readonly LabelEntry[] {
  return pairs.flatMap(([key, value]): LabelEntry[] => [
    [labelName(`${prefix}_`, key), value],
    [labelName(`${prefix}present_`, key), 'true'],
  ]);
}
