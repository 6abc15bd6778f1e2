import { buffer } from 'node:stream/consumers';
import { describe, expect, it } from 'vitest';
import { inPieces, MAX_WHOLE_BYTES } from './in-pieces.js';

const bytes = Buffer.alloc(MAX_WHOLE_BYTES + 12_345, 'abcdefg');

describe('a body in pieces', () => {
  it('is the same bytes', async () => {
    expect((await buffer(inPieces(bytes))).equals(bytes)).toBe(true);
    expect(await buffer(inPieces(Buffer.alloc(0)))).toHaveLength(0);
  });

  it('takes no memory of its own', async () => {
    for await (const piece of inPieces(bytes) as AsyncIterable<Buffer>) {
      expect(piece.buffer).toBe(bytes.buffer);
    }
  });

  it('lets others have their turn between two pieces', async () => {
    let turns = 0;
    const count = (): void => {
      turns++;
      next = setImmediate(count);
    };
    let next = setImmediate(count);
    let pieces = 0;
    for await (const piece of inPieces(bytes) as AsyncIterable<Buffer>) {
      pieces += Math.sign(piece.length);
      expect(turns).toBeGreaterThanOrEqual(pieces - 1);
    }
    clearImmediate(next);
    expect(pieces).toBe(5);
  });
});
