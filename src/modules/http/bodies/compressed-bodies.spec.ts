import { brotliDecompressSync, gunzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { CompressedBodies } from './compressed-bodies.js';

const body = Buffer.from('target '.repeat(10_000));

describe('compressed bodies', () => {
  it('hold what was compressed', async () => {
    const bodies = new CompressedBodies();
    expect(gunzipSync(await bodies.get(body, 'gzip')).equals(body)).toBe(true);
    expect(brotliDecompressSync(await bodies.get(body, 'br')).equals(body)).toBe(true);
  });

  it('are made once for all who ask, also for those who ask meanwhile', async () => {
    const bodies = new CompressedBodies();
    const [first, second] = await Promise.all([bodies.get(body, 'br'), bodies.get(body, 'br')]);
    expect(second).toBe(first);
    expect(await bodies.get(body, 'br')).toBe(first);
    expect(await bodies.get(Buffer.from(body), 'br')).not.toBe(first);
  });
});
