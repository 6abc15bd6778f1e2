import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { compileRegex } from './compile-regex.js';
import type { Regex } from './regex.js';

/** An expression that makes backtracking engines slow, and what text does it: `prefix`, `pump` many times, `suffix`. */
interface HostilePattern {
  readonly family: string;
  /** Where it was published. */
  readonly origin: string;
  readonly pattern: string;
  readonly prefix: string;
  readonly pump: string;
  readonly suffix: string;
}

const file = join(import.meta.dirname, 'testing/redos-patterns.jsonl');
const patterns = readFileSync(file, 'utf8')
  .trimEnd()
  .split('\n')
  .map((line) => JSON.parse(line) as HostilePattern);

function attack({ prefix, pump, suffix }: HostilePattern, length: number): string {
  const room = length - prefix.length - suffix.length;
  return prefix + pump.repeat(Math.max(1, Math.floor(room / pump.length))) + suffix;
}

/**
 * Texts grow little by little up to 20,000 characters, so that an engine for which one of them is too long is found out
 * before it is asked for one that would take it years.
 */
const lengths: readonly number[] = Array.from({ length: 40 }, (_, i) =>
  Math.round(12 * (20_000 / 12) ** (i / 39)),
);
/**
 * No measure of speed: a match takes 1 to 50 ms here, and a backtracking engine hours. CPU time, not time on the clock,
 * so that a busy machine changes nothing, and the least of some tries, so that compiling and collecting garbage do not.
 */
const budgetMs = 500;
const tries = 3;

function isWithinBudget(work: () => void): boolean {
  for (let i = 0; i < tries; i++) {
    const before = process.cpuUsage();
    work();
    const { user, system } = process.cpuUsage(before);
    const usedMs = (user + system) / 1_000;
    if (usedMs < budgetMs) return true;
    if (usedMs > 4 * budgetMs) return false;
  }
  return false;
}

/** The first pattern for which a text was too long, with its length. */
function firstTooSlow(
  family: string,
  run: (regex: Regex, text: string) => void,
): string | undefined {
  for (const each of patterns.filter((one) => one.family === family)) {
    const regex = compileRegex(each.pattern);
    for (const length of lengths) {
      const text = attack(each, length);
      const isFast = isWithinBudget(() => {
        run(regex, text);
      });
      if (!isFast) return `${each.pattern} at ${String(length)} characters`;
    }
  }
  return undefined;
}

// Fault row 36.
describe('expressions that are known to make engines hang', () => {
  it('are 200 and more, each a different one', () => {
    expect(new Set(patterns.map(({ pattern }) => pattern)).size).toBe(patterns.length);
    expect(patterns.length).toBeGreaterThan(200);
  });

  it.each([...new Set(patterns.map(({ family }) => family))])(
    'cost no more than others: %s',
    (family) => {
      const slow = firstTooSlow(family, (regex, text) => {
        regex.test(text);
        regex.match(text);
        regex.replaceAll(text, ([whole = '']) => whole);
      });
      expect(slow).toBeUndefined();
    },
    120_000,
  );
});
