import fc from 'fast-check';
import { beforeAll, expect, it } from 'vitest';
import { loadXxhash64, xxhash64 } from '../../src/core/hash/xxhash64.js';
import { describeWithOracle, seedOfRun } from './oracle.js';

describeWithOracle('hashes are those of the Go libraries', (oracle) => {
  beforeAll(async () => {
    await loadXxhash64();
  });

  it('xxhash64 of any text', async () => {
    const seed = seedOfRun('xxhash64');
    const texts = fc.sample(fc.string({ unit: 'binary', maxLength: 100 }), { seed, numRuns: 5000 });
    const expected = await oracle().ask<string>('xxhash64', texts);
    expect(texts.map((text) => xxhash64().ofText(text).toString())).toEqual(expected);
  });
});
