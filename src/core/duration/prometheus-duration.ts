import type { ParseResult } from '../document/decoder.js';
import { longestNumber } from './quantity-parts.js';

/** Prometheus' units in milliseconds, from the largest: a text must name them in this order. */
const units = [
  ['y', 365n * 86_400_000n],
  ['w', 7n * 86_400_000n],
  ['d', 86_400_000n],
  ['h', 3_600_000n],
  ['m', 60_000n],
  ['s', 1000n],
  ['ms', 1n],
] as const;

/** Go keeps a duration as signed 64-bit nanoseconds: about 292 years. */
const maxMs = (2n ** 63n - 1n) / 1_000_000n;
const expected =
  'write it like 1m30s: units y, w, d, h, m, s and ms, from the largest to the smallest';

/**
 * Reads a Prometheus duration: whole numbers with the units y (365 d), w, d, h, m, s and ms, each at most once and from
 * the largest to the smallest, or a plain `0`.
 *
 * @returns Milliseconds. Range 0 to 2^63 ns (about 292 years).
 * @see https://prometheus.io/docs/prometheus/3.14/configuration/configuration/ (`<duration>`)
 */
export function parsePrometheusDuration(text: string): ParseResult<number> {
  if (text === '0') return { ok: true, value: 0 };
  if (text === '') return { ok: false, message: 'empty duration', hint: expected };
  const totalMs = sumOf(text);
  if (totalMs === undefined) return { ok: false, message: 'not a valid duration', hint: expected };
  if (totalMs > maxMs) {
    return { ok: false, message: 'duration out of range', hint: 'the longest is about 292y' };
  }
  return { ok: true, value: Number(totalMs) };
}

/** `undefined` when a part has no known unit or the units are not in their order. */
function sumOf(text: string): bigint | undefined {
  let totalMs = 0n;
  let nextUnit = 0;
  for (const [, count = '', unit] of text.matchAll(/([0-9]*)([^0-9]*)/g)) {
    if (count === '' && unit === '') continue; // the end
    const index = units.findIndex(([name]) => name === unit);
    const unitMs = units[index]?.[1];
    const isNumber = count !== '' && count.length <= longestNumber;
    if (!isNumber || unitMs === undefined || index < nextUnit) return undefined;
    totalMs += BigInt(count) * unitMs;
    nextUnit = index + 1;
  }
  return totalMs;
}

/**
 * Writes a duration in Prometheus' canonical form: `1m30s`, `0s`, `100ms`. Years and weeks are only used when nothing
 * is left over (`90d`, but `1w`).
 *
 * @param ms Milliseconds; fractions are cut off. Negative ones get a sign.
 */
export function formatPrometheusDuration(ms: number): string {
  let left = BigInt(Math.trunc(Math.abs(ms)));
  if (left === 0n) return '0s';
  let text = ms < 0 ? '-' : '';
  for (const [name, unitMs] of units) {
    const isExactOnly = name === 'y' || name === 'w';
    const count = left / unitMs;
    if (count === 0n || (isExactOnly && left % unitMs !== 0n)) continue;
    text += `${String(count)}${name}`;
    left -= count * unitMs;
  }
  return text;
}
