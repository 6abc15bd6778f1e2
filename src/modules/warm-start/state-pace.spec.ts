import { describe, expect, it } from 'vitest';
import { StatePace } from './state-pace.js';

describe('the pace of keeping state', () => {
  it('waits for a quiet look after a change', () => {
    const pace = new StatePace();
    expect(pace.isDue('a', 1_000)).toBe(false);
    expect(pace.isDue('b', 2_000)).toBe(false);
    expect(pace.isDue('b', 3_000)).toBe(true);
  });

  it('does not wait for quiet for longer than some seconds', () => {
    const pace = new StatePace();
    const due = Array.from({ length: 8 }, (_, i) => pace.isDue(String(i), 1_000 * i));
    expect(due.indexOf(true)).toBe(5);
  });

  it('leaves nineteen parts of the time to others', () => {
    const pace = new StatePace();
    pace.isDue('a', 0);
    pace.begin();
    pace.end(1_000, 500);
    pace.isDue('b', 2_000);
    expect(pace.isDue('b', 10_000)).toBe(false);
    expect(pace.isDue('b', 10_500)).toBe(true);
  });

  it('says now and then that nothing has changed', () => {
    const pace = new StatePace();
    pace.isDue('a', 0);
    pace.begin();
    pace.end(0, 0);
    expect(pace.isDue('a', 29_000)).toBe(false);
    expect(pace.isDue('a', 30_000)).toBe(true);
  });

  it('tries again what has failed, not at once', () => {
    const pace = new StatePace();
    pace.isDue('a', 0);
    pace.begin();
    pace.end(1_000, 0);
    pace.fail(1_000);
    expect(pace.isDue('a', 30_000)).toBe(false);
    expect(pace.isDue('a', 31_000)).toBe(true);
  });
});
