import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { delayBeforeNextBatch } from './pace.js';

describe('the pace of batches', () => {
  it('applies the very first change at once', () => {
    expect(delayBeforeNextBatch({ lastEndMs: undefined, lastWorkMs: 0 }, 0)).toBe(0);
  });

  it('applies a change after a quiet time at once', () => {
    expect(delayBeforeNextBatch({ lastEndMs: 1_000, lastWorkMs: 10 }, 2_000)).toBe(0);
  });

  it('waits longer in a burst the more the last batch cost', () => {
    const afterCheap = delayBeforeNextBatch({ lastEndMs: 1_000, lastWorkMs: 1 }, 1_000);
    const afterDear = delayBeforeNextBatch({ lastEndMs: 1_000, lastWorkMs: 200 }, 1_000);
    expect(afterCheap).toBeLessThan(afterDear);
  });

  it('lets what comes for the first time wait no longer than after the cheapest batch', () => {
    const dear = { lastEndMs: 1_000, lastWorkMs: 200 };
    const afterCheap = delayBeforeNextBatch({ ...dear, lastWorkMs: 0 }, 1_000);
    expect(delayBeforeNextBatch({ ...dear, isFirst: true }, 1_000)).toBe(afterCheap);
  });

  it('never waits longer than five seconds', () => {
    fc.assert(
      fc.property(fc.nat(1e9), fc.nat(1e7), fc.nat(1e6), (lastEndMs, lastWorkMs, since) => {
        const delay = delayBeforeNextBatch({ lastEndMs, lastWorkMs }, lastEndMs + since);
        expect(delay).toBeGreaterThanOrEqual(0);
        expect(delay).toBeLessThanOrEqual(5_000);
      }),
    );
  });
});
