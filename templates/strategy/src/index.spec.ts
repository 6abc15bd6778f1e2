import { strategyContract } from 'target-allocator/testing';
import { describe, expect, it } from 'vitest';
import { myNameStrategy, optionsSchema } from './index.js';

// The laws that every strategy keeps, and those that this one promises beyond them.
strategyContract(
  { describe, it },
  myNameStrategy,
  { spread: 'targets' },
  {
    sticky: true,
    movesAtMost: 0.1,
    skewAtMost: 1,
  },
);
strategyContract({ describe, it }, myNameStrategy, { spread: 'jobs' }, { sticky: true });

describe('the options', () => {
  it('have defaults', async () => {
    expect(await optionsSchema['~standard'].validate(undefined)).toEqual({
      value: { spread: 'targets' },
    });
  });

  it('are refused with the key that is wrong', async () => {
    expect(await optionsSchema['~standard'].validate({ spread: 'x' })).toMatchObject({
      issues: [{ path: ['spread'] }],
    });
  });
});
