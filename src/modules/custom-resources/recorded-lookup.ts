import {
  MissingReferenceError,
  type ResourceLookup,
  Secret,
  type ValueReference,
} from '../../plugin-api/index.js';
import {
  objectKeyOf,
  type ReferencedKind,
  type ReferencedObject,
  type ReferencedValues,
} from './referenced-values.js';

/**
 * Answers one conversion from what is known, and remembers what it asked for. While a value is being read the empty text
 * stands for it, so that everything that the conversion needs is asked for at once; its outcome is then of no use.
 */
export class RecordedLookup implements ResourceLookup {
  readonly #objects = new Map<string, ReferencedObject>();
  #isPending = false;
  #isMissing = false;

  constructor(private readonly values: ReferencedValues) {}

  /** A value was asked for that is still being read. */
  get isPending(): boolean {
    return this.#isPending;
  }

  /** A value was asked for that is not there, or must not be read. */
  get isMissing(): boolean {
    return this.#isMissing;
  }

  /** The objects that were asked for, each once. */
  get objects(): readonly ReferencedObject[] {
    return [...this.#objects.values()];
  }

  secret(reference: ValueReference): Secret {
    return new Secret(this.#get('Secret', reference));
  }

  configMap(reference: ValueReference): string {
    return this.#get('ConfigMap', reference);
  }

  #get(kind: ReferencedKind, reference: ValueReference): string {
    const object = { kind, namespace: reference.namespace, name: reference.name };
    this.#objects.set(objectKeyOf(object), object);
    const value = this.values.get(kind, reference);
    switch (value.state) {
      case 'known':
        return value.text;
      case 'missing':
        this.#isMissing = true;
        throw new MissingReferenceError(value.reason);
      case 'pending':
        this.#isPending = true;
        return '';
    }
  }
}
