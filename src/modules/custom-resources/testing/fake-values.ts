import type { ValueReference } from '../../../plugin-api/index.js';
import {
  objectKeyOf,
  type ReferencedKind,
  type ReferencedObject,
  type ReferencedValue,
  ReferencedValues,
} from '../referenced-values.js';

/** Values that are what a test says; what it has not said is being read. */
export class FakeValues extends ReferencedValues {
  readonly retained = new Map<string, readonly ReferencedObject[]>();
  readonly #values = new Map<string, ReferencedValue>();
  readonly #listeners = new Set<(objectKey: string) => void>();

  /** @param text `undefined`: the value is missing. */
  set(kind: ReferencedKind, { namespace, name, key }: ValueReference, text: string | undefined) {
    const object = objectKeyOf({ kind, namespace, name });
    this.#values.set(
      `${object}/${key}`,
      text === undefined
        ? { state: 'missing', reason: `${kind} ${namespace}/${name} has no key "${key}"` }
        : { state: 'known', text },
    );
    for (const listener of this.#listeners) listener(object);
  }

  override get(kind: ReferencedKind, { namespace, name, key }: ValueReference): ReferencedValue {
    const object = objectKeyOf({ kind, namespace, name });
    return this.#values.get(`${object}/${key}`) ?? { state: 'pending' };
  }

  override onChange(listener: (objectKey: string) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  override retain(owner: string, objects: readonly ReferencedObject[]): void {
    if (objects.length === 0) this.retained.delete(owner);
    else this.retained.set(owner, objects);
  }
}
