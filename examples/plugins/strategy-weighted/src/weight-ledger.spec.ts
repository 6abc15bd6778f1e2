import type { Load } from 'target-allocator/plugin-api';
import { describe, expect, it } from 'vitest';
import { WeightLedger } from './weight-ledger.js';

/** What the host counts: targets by job, of one collector. */
const having = (jobs: Readonly<Record<string, number>>): Load => ({
  targets: () => Object.values(jobs).reduce((sum, count) => sum + count, 0),
  targetsOfJob: (_collector, job) => jobs[job] ?? 0,
});
const ledger = () => new WeightLedger((job) => (job === 'heavy' ? 10 : 1));

describe('the ledger of weights', () => {
  it('sums what it was told of', () => {
    const book = ledger();
    book.note('c', 'light', 1, having({}));
    book.note('c', 'heavy', 50, having({ light: 1 }));
    expect(book.weight('c', having({ light: 1, heavy: 1 }))).toBe(51);
    expect(book.weight('other', having({}))).toBe(0);
  });

  it('takes out the mean weight of the job for each target that went', () => {
    const book = ledger();
    for (const [count, weight] of [10, 20, 30].entries()) {
      book.note('c', 'heavy', weight, having({ heavy: count }));
    }
    book.note('c', 'light', 1, having({ heavy: 3 }));
    expect(book.weight('c', having({ heavy: 2, light: 1 }))).toBe(41);
    expect(book.weight('c', having({ light: 1 }))).toBe(1);
    expect(book.weight('c', having({}))).toBe(0);
  });

  it('counts a target once that is told of again', () => {
    const book = ledger();
    book.note('c', 'heavy', 10, having({}));
    book.note('c', 'heavy', 30, having({}));
    expect(book.weight('c', having({ heavy: 1 }))).toBe(30);
  });

  it('takes the weight of the job for targets that nobody told of', () => {
    const book = ledger();
    book.note('c', 'heavy', 7, having({ heavy: 2 }));
    expect(book.weight('c', having({ heavy: 3 }))).toBe(27);
  });
});
