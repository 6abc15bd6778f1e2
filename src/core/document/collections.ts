import type { Cursor } from './cursor.js';
import { type Decoded, type Decoder, decoder, mismatch, textAt } from './decoder.js';
import { nearestWord } from './nearest-word.js';
import { isNullScalar } from './yaml11-scalar.js';

/** A map whose keys are the user's: an object without a prototype, so that `__proto__` is a key like any other. */
export type UserMap<T> = Readonly<Record<string, T>>;

/** A list; null is no list (`undefined`), which is not the same as an empty one. */
export function list<T>(element: Decoder<T>): Decoder<readonly T[]> {
  return decoder((at) => {
    if (isNull(at)) return undefined;
    if (at.node.kind !== 'sequence') {
      mismatch(at, 'a list');
      return undefined;
    }
    const values: T[] = [];
    for (let index = 0; index < at.node.items.length; index += 1) {
      const value = element.decode(at.item(index));
      if (value !== undefined) values.push(value);
    }
    return values;
  });
}

/** A list whose elements must not be null. `what` names one: `target relabeling rule`. */
export function listOfPresent<T>(element: Decoder<T>, what: string): Decoder<readonly T[]> {
  return list(present(element, what));
}

/** A value that must not be null. `what` names it. */
export function present<T>(element: Decoder<T>, what: string): Decoder<T> {
  return decoder((at) => {
    if (!isNull(at)) return element.decode(at);
    at.error(`empty or null ${what}`, { hint: 'fill it in or remove it' });
    return undefined;
  });
}

/** A mapping with the user's own keys; null is no mapping. */
export function mapOf<T>(
  value: Decoder<T>,
  key: Decoder<string> = decoder((at) => textAt(at, 'a text')),
): Decoder<UserMap<T>> {
  return decoder((at) => {
    if (isNull(at)) return undefined;
    if (at.node.kind !== 'mapping') {
      mismatch(at, 'a mapping');
      return undefined;
    }
    const map = userMap<T>();
    for (const written of at.keys) {
      if (at.node.entries.get(written)?.isRepeated === true) {
        at.key(written).complain('the key is there twice, by a merge (<<)', {
          hint: 'the later one counts; Prometheus refuses this',
        });
      }
      const name = key.decode(at.key(written));
      const element = value.decode(at.field(written));
      if (name !== undefined && element !== undefined) map[name] = element;
    }
    return map;
  });
}

/** An empty map for keys of the user's. */
export function userMap<T>(): Record<string, T> {
  return Object.create(null) as Record<string, T>; // eslint-disable-line @typescript-eslint/no-unsafe-type-assertion -- an object without a prototype has no typed form
}

/** The fields of a structure, by key. */
export type Fields = Readonly<Record<string, Decoder<unknown>>>;

/** What a structure gives: a field is there when its key is, with a value that could be read. */
export type DecodedFields<F extends Fields> = { readonly [K in keyof F]?: Decoded<F[K]> };

/**
 * A mapping with known keys. Unknown ones are reported (warning, or error when the document is read strictly) and left
 * out. Null is a structure without any field; use `nullable` where that differs from no structure.
 *
 * @param isReadElsewhere Keys that are not unknown though there is no field for them.
 */
export function struct<const F extends Fields>(
  fields: F,
  isReadElsewhere: (key: string) => boolean = () => false,
): Decoder<DecodedFields<F>> {
  const decoders = new Map<string, Decoder<unknown>>(Object.entries(fields));
  return decoder((at) => {
    if (!isNull(at) && at.node.kind !== 'mapping') {
      mismatch(at, 'a mapping');
      return undefined;
    }
    const values: Record<string, unknown> = {};
    for (const name of at.keys) {
      const field = decoders.get(name);
      if (field === undefined) {
        if (!isReadElsewhere(name)) reportUnknownKey(at, name, decoders);
        continue;
      }
      const value = field.decode(at.field(name));
      if (value !== undefined) values[name] = value;
    }
    return values as DecodedFields<F>; // eslint-disable-line @typescript-eslint/no-unsafe-type-assertion -- each value was made by the decoder of its field
  });
}

/** Reports a key that nothing reads, with the known one that it may have been meant to be. */
export function reportUnknownKey(
  at: Cursor,
  key: string,
  known: ReadonlyMap<string, unknown>,
): void {
  const nearest = nearestWord(key, known.keys());
  const hint = nearest === undefined ? 'remove it' : `did you mean "${nearest}"?`;
  at.key(key).complain('unknown key', { hint, hideValue: true });
}

function isNull(at: Cursor): boolean {
  return at.node.kind === 'scalar' && isNullScalar(at.node);
}
