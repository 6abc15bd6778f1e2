import type { ParseResult } from '../document/decoder.js';
import { quantityParts, type QuantityPart } from './quantity-parts.js';

const prefixes = ['', 'K', 'M', 'G', 'T', 'P', 'E'] as const;
const factor = 1024;
const maxSize = 2 ** 63;
const expected = 'write it like 15MB or 1GiB; both are powers of 1024';

/**
 * Reads a size in bytes as Prometheus does: `15MB` and `15MiB` are both 15 × 1024², several parts add up (`1GB512MB`),
 * decimals are fine, a plain `0` needs no unit.
 *
 * @returns Bytes, cut to whole ones, as a number (exact up to 2^53).
 * @see https://pkg.go.dev/github.com/alecthomas/units#ParseBase2Bytes
 */
export function parseByteSize(text: string): ParseResult<number> {
  const binary = sumOf(text, 'iB');
  // Go tries `KiB` first and `KB` when that fails; the two may not be mixed.
  const size = binary ?? sumOf(text, 'B');
  if (size === undefined) return { ok: false, message: 'not a valid size', hint: expected };
  if (size < -maxSize || size >= maxSize) {
    return { ok: false, message: 'size out of range', hint: 'the largest is below 8EiB' };
  }
  return { ok: true, value: Math.trunc(size) };
}

/** Writes a size in the canonical form: `15MiB`, `1GiB512MiB`, `500B`, `0B`. */
export function formatByteSize(bytes: number): string {
  let left = BigInt(Math.trunc(bytes));
  if (left === 0n) return '0B';
  let text = '';
  for (const prefix of prefixes) {
    const part = left % BigInt(factor);
    if (part !== 0n) text = `${String(part)}${prefix}${prefix === '' ? 'B' : 'iB'}${text}`;
    left /= BigInt(factor);
  }
  return text;
}

/** `undefined` when the text is not one of parts with these units. */
function sumOf(text: string, suffix: 'iB' | 'B'): number | undefined {
  const unsigned = text.replace(/^[-+]/, '');
  if (unsigned === '0') return 0;
  let sum: number | undefined;
  for (const part of quantityParts(unsigned) ?? []) {
    const size = sizeOf(part, suffix);
    if (size === undefined) return undefined;
    sum = (sum ?? 0) + size;
  }
  return sum !== undefined && text.startsWith('-') ? -sum : sum;
}

function sizeOf({ whole, fraction, unit }: QuantityPart, suffix: string): number | undefined {
  const power = prefixes.findIndex((prefix) => unit === (prefix === '' ? 'B' : prefix + suffix));
  if (power < 0 || isTooLong(whole) || isTooLong(fraction)) return undefined;
  return (Number(whole) + Number(fraction) / 10 ** fraction.length) * factor ** power;
}

/** Go refuses digits that do not fit into a signed 64-bit number. */
function isTooLong(digits: string): boolean {
  return digits !== '' && BigInt(digits) >= 9_223_372_036_854_775_799n;
}
