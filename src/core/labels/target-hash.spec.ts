import { beforeAll, describe, expect, it } from 'vitest';
import { loadXxhash64, xxhash64 } from '../hash/xxhash64.js';
import { labelSetOf } from './label-set.js';
import { targetHash } from './target-hash.js';

describe('target_hash', () => {
  beforeAll(async () => {
    await loadXxhash64();
  });

  const labels = labelSetOf([
    ['b', '2'],
    ['__meta_x', 'not hashed'],
    ['gone', ''],
    ['__address__', 'ä:1'],
  ]);

  it('is xxhash64 over the sorted labels that are neither meta labels nor empty, then the job', () => {
    const bytes = Buffer.concat(
      ['__address__', 'ä:1', 'b', '2'].flatMap((part) => [Buffer.from(part), Buffer.of(0xff)]),
    );
    const whole = Buffer.concat([bytes, Buffer.from('job')]);
    expect(targetHash(labels, 'job')).toBe(xxhash64().ofBytes(whole).toString());
  });

  it('tells jobs apart and does not care in which order labels were put together', () => {
    expect(targetHash(labels, 'a')).not.toBe(targetHash(labels, 'b'));
    const reversed = labelSetOf(Object.entries(labels).reverse());
    expect(targetHash(reversed, 'a')).toBe(targetHash(labels, 'a'));
  });
});
