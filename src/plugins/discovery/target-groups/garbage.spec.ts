import { describe, expect, it } from 'vitest';
import { freeGarbage } from './garbage.js';

describe('garbage', () => {
  it('is freed, and that not again soon', async () => {
    const garbage = new WeakRef({ text: 'nobody has it' });
    // What a WeakRef was made of stays until its turn of the event loop is over.
    await new Promise((resolve) => setTimeout(resolve, 0));
    expect(freeGarbage(100_000)).toBe(true);
    expect(garbage.deref()).toBeUndefined();
    expect(freeGarbage(109_999)).toBe(false);
    expect(freeGarbage(110_000)).toBe(true);
  });
});
