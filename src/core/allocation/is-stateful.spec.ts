import { describe, expect, it } from 'vitest';
import { isStateful } from './is-stateful.js';
import { byKey, byNode, leastLoaded } from './testing/strategies.js';

describe('whether a strategy depends on what was decided before', () => {
  it('is what it says of itself', () => {
    expect(isStateful({ ...byNode, stateful: true })).toBe(true);
    expect(isStateful({ ...leastLoaded, stateful: false })).toBe(false);
  });

  it('is whether it is sticky when it does not say so, and never so for a keyed one', () => {
    expect(isStateful(leastLoaded)).toBe(true);
    expect(isStateful(byNode)).toBe(false);
    expect(isStateful({ ...byKey, sticky: true })).toBe(false);
  });
});
