import type { Cursor } from './cursor.js';
import { isNullScalar, resolveScalar, type ScalarValue } from './yaml11-scalar.js';

/**
 * Reads a value of one type from a place in a document.
 *
 * The answer is `undefined` when there is no value: the place holds a null of a type that can be absent (a list, a
 * mapping, {@link nullable}), or something that is not of this type. The latter is reported to the cursor; a caller may
 * go on to find further problems and must look at {@link Cursor.problems} in the end.
 */
export interface Decoder<T> {
  decode(at: Cursor): T | undefined;
}

/** What a decoder gives. */
export type Decoded<D> = D extends Decoder<infer T> ? T : never;

/** A parsed text, or why it cannot be parsed and what would be right. */
export type ParseResult<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly message: string; readonly hint?: string };

/** Makes a decoder of a function. */
export function decoder<T>(decode: (at: Cursor) => T | undefined): Decoder<T> {
  return { decode };
}

/** Decodes, then checks or completes: `refine` may report problems at `at` and below. */
export function refined<T, U>(
  base: Decoder<T>,
  refine: (value: T, at: Cursor) => U | undefined,
): Decoder<U> {
  return decoder((at) => {
    const value = base.decode(at);
    return value === undefined ? undefined : refine(value, at);
  });
}

/**
 * A text as Go reads it into a `string`: whatever scalar stands there, as it was written (`0777`, `yes` and `1e3` stay
 * what they are); null is the empty text.
 */
export const text: Decoder<string> = decoder((at) => textAt(at, 'a text'));

/**
 * A text with a meaning of its own. Null gives `whenNull`.
 *
 * @param parse Reads the text; a failure is reported with the value.
 */
export function parsedText<T>(
  parse: (text: string) => ParseResult<T>,
  whenNull: T,
  expected = 'a text',
): Decoder<T> {
  return decoder((at) => {
    if (at.node.kind === 'scalar' && isNullScalar(at.node)) return whenNull;
    const written = textAt(at, expected);
    if (written === undefined) return undefined;
    const result = parse(written);
    if (result.ok) return result.value;
    at.error(result.message, result.hint === undefined ? {} : { hint: result.hint });
    return undefined;
  });
}

/** A text out of a fixed set; null is `whenNull`. */
export function oneOf<const T extends string, const N>(
  values: readonly T[],
  whenNull: N,
): Decoder<T | N> {
  const expected = `one of ${values.filter((value) => value !== '').join(', ')}`;
  return parsedText<T | N>(
    (written) => {
      const value = values.find((known) => known === written);
      return value === undefined
        ? { ok: false, message: 'unknown value', hint: `use ${expected}` }
        : { ok: true, value };
    },
    whenNull,
    expected,
  );
}

/** A truth value: `true`, `yes`, `on`, `y` and their opposites, unquoted (YAML 1.1, as Go reads it); null is false. */
export const bool: Decoder<boolean> = decoder((at) => {
  if (at.node.kind === 'scalar') {
    const value = resolveScalar(at.node);
    if (value.type === 'bool') return value.value;
    if (value.type === 'null') return false;
  }
  mismatch(at, 'true or false, without quotes');
  return undefined;
});

/** The whole numbers of a Go type. */
export interface IntegerRange {
  readonly min: bigint;
  readonly max: bigint;
}

/**
 * A whole number: `1000`, `1_000`, `0x3e8`, `0b11`, `0777` (octal); a decimal number loses its fraction, as in Go; null
 * is 0. Numbers above 2^53 are given as bigint.
 */
export function integer({ min, max }: IntegerRange): Decoder<number | bigint> {
  const expected = `a whole number from ${String(min)} to ${String(max)}, without quotes`;
  return decoder((at) => {
    const value = at.node.kind === 'scalar' ? wholeNumber(resolveScalar(at.node)) : undefined;
    if (value !== undefined && value >= min && value <= max) {
      return Number.isSafeInteger(Number(value)) ? Number(value) : value;
    }
    mismatch(at, expected);
    return undefined;
  });
}

/** Go's `uint` and `uint64`. */
export const unsigned: Decoder<number | bigint> = integer({ min: 0n, max: 2n ** 64n - 1n });

/** Go's `int` and `int64`. */
export const signed: Decoder<number | bigint> = integer({ min: -(2n ** 63n), max: 2n ** 63n - 1n });

/** Go's `float64`; null is 0. `.inf` and `.nan` are numbers here. */
export const float: Decoder<number> = decoder((at) => {
  if (at.node.kind === 'scalar') {
    const value = resolveScalar(at.node);
    if (value.type === 'integer' || value.type === 'float') return Number(value.value);
    if (value.type === 'null') return 0;
  }
  mismatch(at, 'a number, without quotes');
  return undefined;
});

/** A value that may be absent (a Go pointer): null is no value instead of zero. */
export function nullable<T>(base: Decoder<T>): Decoder<T> {
  return decoder((at) =>
    at.node.kind === 'scalar' && isNullScalar(at.node) ? undefined : base.decode(at),
  );
}

/** Reports that something else was expected here. */
export function mismatch(at: Cursor, expected: string): void {
  const { node } = at;
  if (node.kind !== 'scalar') {
    at.error(`expected ${expected}, got a ${node.kind === 'sequence' ? 'list' : 'mapping'}`);
    return;
  }
  const value = resolveScalar(node);
  if (value.type === 'invalid') at.error(value.reason);
  else if (value.type === 'null') at.error(`expected ${expected}, got nothing`);
  else at.error(`expected ${expected}`);
}

/** The text that stands here; `undefined`, with a problem, where none does. */
export function textAt(at: Cursor, expected: string): string | undefined {
  const value = at.node.kind === 'scalar' ? resolveScalar(at.node) : undefined;
  if (at.node.kind !== 'scalar' || value === undefined || value.type === 'invalid') {
    mismatch(at, expected);
    return undefined;
  }
  if (value.type === 'null') return '';
  return value.type === 'text' ? value.value : at.node.text;
}

/** Null is 0, a fraction is cut off, as in Go. */
function wholeNumber(value: ScalarValue): bigint | undefined {
  if (value.type === 'null') return 0n;
  if (value.type === 'integer') return value.value;
  if (value.type !== 'float' || !Number.isFinite(value.value)) return undefined;
  return BigInt(Math.trunc(value.value));
}
