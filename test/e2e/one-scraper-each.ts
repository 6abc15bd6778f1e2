import { eventually } from '../fixtures/eventually.js';
import type { ScrapeWitness } from '../fixtures/scrape-witness.js';
import { scrapersByTarget } from './scrape-window.js';

export interface ExpectedScrapers {
  readonly targets: number;
  /** Of the collectors, sorted. */
  readonly names: readonly string[];
  readonly scrapeIntervalMs: number;
}

/** Watches until, for three scrape intervals, each target was scraped by one collector, and all had some. */
export async function oneScraperEach(
  witness: ScrapeWitness,
  { targets, names, scrapeIntervalMs }: ExpectedScrapers,
): Promise<void> {
  const windowMs = 3 * scrapeIntervalMs;
  const startMs = performance.now();
  await eventually(
    `each target is scraped by exactly one of ${names.join(', ')}`,
    () => {
      const fromMs = performance.now() - windowMs;
      if (fromMs < startMs) return undefined;
      const scrapers = scrapersByTarget(witness.since(fromMs), targets);
      const bad = scrapers.filter((found) => found.size !== 1);
      if (bad.length > 0) throw new Error(`${String(bad.length)} targets are not`);
      const busy = [...new Set(scrapers.flatMap((found) => [...found]))].toSorted();
      if (busy.join() !== names.join()) throw new Error(`only by ${busy.join(', ')}`);
      return true;
    },
    { timeoutMs: 90_000, everyMs: 250 },
  );
}
