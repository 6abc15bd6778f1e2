import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { BackOff, longestDelayMs, shortestDelayMs } from './back-off.js';

describe('BackOff', () => {
  it('stays within its bounds whatever is drawn', () => {
    const draws = fc.array(fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }));
    fc.assert(
      fc.property(draws, (drawn) => {
        let next = 0;
        const backOff = new BackOff(() => drawn[next++] ?? 0);
        const delays = drawn.map(() => backOff.nextDelayMs());
        expect(delays.filter((ms) => ms < shortestDelayMs || ms > longestDelayMs)).toEqual([]);
      }),
    );
  });

  it('grows up to its bound, and begins anew after a success', () => {
    const backOff = new BackOff(() => 0.9);
    const delays = Array.from({ length: 8 }, () => backOff.nextDelayMs());
    expect(delays).toEqual(delays.toSorted((a, b) => a - b));
    expect(delays.at(-1)).toBe(longestDelayMs);
    backOff.reset();
    expect(backOff.nextDelayMs()).toBe(delays[0]);
  });
});
