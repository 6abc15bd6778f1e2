import type { ParseResult } from '../document/decoder.js';
import { quantityParts } from './quantity-parts.js';

/** Go's units in nanoseconds. Both code points for the micro sign are accepted. */
const unitNs = new Map<string, bigint>([
  ['ns', 1n],
  ['us', 1000n],
  ['\u00b5s', 1000n],
  ['\u03bcs', 1000n],
  ['ms', 1_000_000n],
  ['s', 1_000_000_000n],
  ['m', 60_000_000_000n],
  ['h', 3_600_000_000_000n],
]);
const maxNs = 2n ** 63n - 1n;
const expected = 'write it like 1h30m, 1.5s or 100ms: units h, m, s, ms, us and ns';

/**
 * Reads a Go duration: decimal numbers with the units h, m, s, ms, us and ns in any order, with an optional sign, or a
 * plain `0`.
 *
 * @returns Milliseconds, with a fraction for what is shorter.
 * @see https://pkg.go.dev/time#ParseDuration
 */
export function parseGoDuration(text: string): ParseResult<number> {
  const unsigned = text.replace(/^[-+]/, '');
  if (unsigned === '0') return { ok: true, value: 0 };
  if (unsigned === '') return { ok: false, message: 'empty duration', hint: expected };
  const totalNs = sumNs(unsigned);
  if (totalNs === undefined) return { ok: false, message: 'not a valid duration', hint: expected };
  const isNegative = text.startsWith('-');
  // The most negative duration has no positive counterpart.
  if (totalNs > maxNs + (isNegative ? 1n : 0n)) {
    return { ok: false, message: 'duration out of range', hint: 'the longest is about 2562047h' };
  }
  return { ok: true, value: (isNegative ? -1 : 1) * (Number(totalNs) / 1e6) };
}

/**
 * Writes a duration as Go does: `1h30m0s`, `1.5s`, `100ms`, `1.5µs`, `0s`.
 *
 * @param ms Milliseconds; shorter than a nanosecond is rounded.
 * @see https://pkg.go.dev/time#Duration.String
 */
export function formatGoDuration(ms: number): string {
  const ns = BigInt(Math.round(Math.abs(ms) * 1e6));
  if (ns === 0n) return '0s';
  const sign = ms < 0 ? '-' : '';
  if (ns < 1000n) return `${sign}${String(ns)}ns`;
  if (ns < 1_000_000n) return `${sign}${decimal(ns, 3)}\u00b5s`;
  if (ns < 1_000_000_000n) return `${sign}${decimal(ns, 6)}ms`;
  const minutes = ns / 60_000_000_000n;
  const seconds = `${decimal(ns % 60_000_000_000n, 9)}s`;
  if (minutes === 0n) return sign + seconds;
  const hours = minutes / 60n;
  const clock = `${String(minutes % 60n)}m${seconds}`;
  return hours === 0n ? sign + clock : `${sign}${String(hours)}h${clock}`;
}

/** `undefined` when the text is not one of numbers with these units. */
function sumNs(text: string): bigint | undefined {
  let totalNs: bigint | undefined;
  for (const { whole, fraction, unit } of quantityParts(text) ?? []) {
    const perUnit = unitNs.get(unit);
    if (perUnit === undefined) return undefined;
    totalNs = (totalNs ?? 0n) + BigInt(whole) * perUnit + fractionNs(fraction, perUnit);
  }
  return totalNs;
}

/** Go computes fractions as floating point numbers of as many digits as fit into 63 bits. */
function fractionNs(digits: string, perUnit: bigint): bigint {
  let value = 0n;
  let scale = 1;
  for (const digit of digits) {
    if (value > maxNs / 10n) break;
    value = value * 10n + BigInt(digit);
    scale *= 10;
  }
  return BigInt(Math.trunc(Number(value) * (Number(perUnit) / scale)));
}

/** `value` divided by ten to the `digits`, without trailing zeros. */
function decimal(value: bigint, digits: number): string {
  const text = String(value).padStart(digits + 1, '0');
  const fraction = text.slice(-digits).replace(/0+$/, '');
  return text.slice(0, -digits) + (fraction === '' ? '' : `.${fraction}`);
}
