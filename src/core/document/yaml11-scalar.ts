import type { ScalarNode } from './node.js';

/** What a scalar means by the rules of YAML 1.1 as Go's yaml v2 knows them. */
export type ScalarValue =
  | { readonly type: 'null' }
  | { readonly type: 'bool'; readonly value: boolean }
  | { readonly type: 'integer'; readonly value: bigint }
  | { readonly type: 'float'; readonly value: number }
  | { readonly type: 'text'; readonly value: string }
  | { readonly type: 'invalid'; readonly reason: string };

const longPrefix = 'tag:yaml.org,2002:';
const stringTag = `${longPrefix}str`;
const binaryTag = `${longPrefix}binary`;
const nullTag = `${longPrefix}null`;
const tagOfType = new Map([
  ['null', nullTag],
  ['bool', `${longPrefix}bool`],
  ['integer', `${longPrefix}int`],
  ['float', `${longPrefix}float`],
]);

const words = new Map<string, ScalarValue>([
  ...wordsFor({ type: 'null' }, ['', '~', 'null', 'Null', 'NULL']),
  ...wordsFor({ type: 'bool', value: true }, ['y', 'Y', 'yes', 'Yes', 'YES']),
  ...wordsFor({ type: 'bool', value: true }, ['true', 'True', 'TRUE', 'on', 'On', 'ON']),
  ...wordsFor({ type: 'bool', value: false }, ['n', 'N', 'no', 'No', 'NO']),
  ...wordsFor({ type: 'bool', value: false }, ['false', 'False', 'FALSE', 'off', 'Off', 'OFF']),
  ...wordsFor({ type: 'float', value: NaN }, ['.nan', '.NaN', '.NAN']),
  ...wordsFor({ type: 'float', value: Infinity }, ['.inf', '.Inf', '.INF']),
  ...wordsFor({ type: 'float', value: Infinity }, ['+.inf', '+.Inf', '+.INF']),
  ...wordsFor({ type: 'float', value: -Infinity }, ['-.inf', '-.Inf', '-.INF']),
]);

function wordsFor(value: ScalarValue, texts: readonly string[]): [string, ScalarValue][] {
  return texts.map((text) => [text, value]);
}

const integerPattern = /^[-+]?(?:0[xX][0-9a-fA-F]+|0[oO][0-7]+|0[bB][01]+|[0-9]+)$/;
const floatPattern = /^[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?$/;
/** 64 binary digits need less; reading digits takes time that grows faster than their number. */
const longestNumber = 100;
const maxUnsigned = 2n ** 64n - 1n;
const minSigned = -(2n ** 63n);

/**
 * Resolves a scalar as Go's yaml v2 does for an untyped value: unquoted `yes`, `0777`, `1e3` and `~` mean what YAML 1.1
 * says, quoted texts are texts. Times stay texts.
 *
 * @see https://yaml.org/type/ and go.yaml.in/yaml/v2 resolve.go
 */
export function resolveScalar(node: ScalarNode): ScalarValue {
  const { tag, text } = node;
  if (tag === undefined) return node.isPlain ? resolvePlain(text) : { type: 'text', value: text };
  if (tag === binaryTag) return decodeBinary(text);
  if (tag === stringTag || !isResolvedTag(tag)) return { type: 'text', value: text };
  const value = resolvePlain(text);
  if (value.type === 'integer' && tag === tagOfType.get('float')) {
    return { type: 'float', value: Number(value.value) };
  }
  if (tagOfType.get(value.type) === tag) return value;
  return { type: 'invalid', reason: `is not a value of the type ${tag.replace(longPrefix, '!!')}` };
}

/** Whether a scalar holds nothing: an empty value, `~`, `null`, `Null` or `NULL`, unquoted. */
export function isNullScalar(node: ScalarNode): boolean {
  return resolveScalar(node).type === 'null';
}

function isResolvedTag(tag: string): boolean {
  return [...tagOfType.values()].includes(tag) || tag === `${longPrefix}timestamp`;
}

function resolvePlain(text: string): ScalarValue {
  const word = words.get(text);
  if (word !== undefined) return word;
  if (!/^[-+.0-9]/.test(text)) return { type: 'text', value: text };
  const digits = text.replaceAll('_', '');
  return (
    (text.startsWith('.') ? undefined : integerOf(digits)) ??
    floatOf(text.startsWith('.') ? text : digits) ?? { type: 'text', value: text }
  );
}

/** Integers from -2^63 to 2^64-1 in base 2, 8 (`0777`, `0o777`), 10 or 16. */
function integerOf(digits: string): ScalarValue | undefined {
  if (digits.length > longestNumber || !integerPattern.test(digits)) return undefined;
  const sign = /^[-+]/.exec(digits)?.[0] ?? '';
  const magnitude = magnitudeOf(digits.slice(sign.length));
  if (magnitude === undefined) return undefined;
  const value = sign === '-' ? -magnitude : magnitude;
  // Texts with a sign are only tried as signed 64-bit numbers, others also as unsigned ones.
  const max = sign === '' ? maxUnsigned : maxUnsigned >> 1n;
  return value < minSigned || value > max ? undefined : { type: 'integer', value };
}

function magnitudeOf(unsigned: string): bigint | undefined {
  if (!/^0[0-9]/.test(unsigned)) return BigInt(unsigned);
  // A zero followed by an 8 or a 9 is no octal number: Go then reads a float.
  return /^[0-7]+$/.test(unsigned) ? BigInt(`0o${unsigned.slice(1)}`) : undefined;
}

function floatOf(digits: string): ScalarValue | undefined {
  if (!floatPattern.test(digits)) return undefined;
  const value = Number(digits);
  return Number.isFinite(value) ? { type: 'float', value } : undefined;
}

function decodeBinary(text: string): ScalarValue {
  try {
    const bytes = Uint8Array.from(atob(text), (char) => char.charCodeAt(0));
    return { type: 'text', value: new TextDecoder('utf-8', { fatal: true }).decode(bytes) };
  } catch {
    return { type: 'invalid', reason: 'is not base64 of UTF-8 text' };
  }
}
