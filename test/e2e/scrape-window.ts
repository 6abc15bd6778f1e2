import type { Scrape } from '../fixtures/scrape-witness.js';

/** By whom each target was scraped, by index; targets that nobody scraped have no scraper. */
export function scrapersByTarget(
  scrapes: readonly Scrape[],
  targets: number,
): readonly ReadonlySet<string>[] {
  const scrapers = Array.from({ length: targets }, () => new Set<string>());
  for (const { target, collector } of scrapes) scrapers[target]?.add(collector);
  return scrapers;
}

/** How many targets were scraped for the first time by another collector than before, by the second (ISO 8601). */
export function movesBySecond(scrapes: readonly Scrape[]): ReadonlyMap<string, number> {
  const last = new Map<number, string>();
  const moves = new Map<string, number>();
  for (const { atMs, target, collector } of scrapes) {
    const before = last.get(target);
    last.set(target, collector);
    if (before === undefined || before === collector) continue;
    const second = new Date(performance.timeOrigin + atMs).toISOString().slice(0, 19);
    moves.set(second, (moves.get(second) ?? 0) + 1);
  }
  return moves;
}

/** The longest time that some target was left unscraped between two moments, in milliseconds. */
export function longestGapMs(
  scrapes: readonly Scrape[],
  targets: number,
  window: { readonly fromMs: number; readonly toMs: number },
): number {
  const last = Array.from({ length: targets }, () => window.fromMs);
  let longest = 0;
  for (const { atMs, target } of scrapes) {
    if (atMs < window.fromMs || atMs > window.toMs) continue;
    longest = Math.max(longest, atMs - (last[target] ?? atMs));
    last[target] = atMs;
  }
  return Math.max(longest, ...last.map((atMs) => window.toMs - atMs));
}

/**
 * The longest time that two collectors scraped the same target, in milliseconds. A collector that was silent about a
 * target for longer than `silenceMs` had let go of it.
 */
export function longestDoubleMs(
  scrapes: readonly Scrape[],
  targets: number,
  silenceMs: number,
): number {
  const spells = Array.from({ length: targets }, () => new Map<string, Spell>());
  let longest = 0;
  for (const { atMs, target, collector } of scrapes) {
    const ofTarget = spells[target];
    const before = ofTarget?.get(collector);
    const isSame = before !== undefined && atMs - before.lastMs <= silenceMs;
    const spell = { firstMs: isSame ? before.firstMs : atMs, lastMs: atMs };
    ofTarget?.set(collector, spell);
    for (const [name, other] of ofTarget ?? []) {
      if (name === collector) continue;
      longest = Math.max(longest, other.lastMs - Math.max(spell.firstMs, other.firstMs));
    }
  }
  return longest;
}

/** From when to when a collector has scraped a target without a break. */
interface Spell {
  readonly firstMs: number;
  readonly lastMs: number;
}
