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
