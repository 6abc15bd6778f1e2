import { buffer } from 'node:stream/consumers';
import { finished } from 'node:stream/promises';
import { describe, expect, it } from 'vitest';
import { FakeClock } from '../../telemetry/testing/fake-clock.js';
import { inPieces, PLAIN_PIECES } from './in-pieces.js';

const { pieceBytes, maxWholeBytes } = PLAIN_PIECES;
const clock = new FakeClock();
const options = { pieceBytes, deadlineMs: 30_000, clock };
const bytes = Buffer.alloc(maxWholeBytes + 12_345, 'abcdefg');

describe('a body in pieces', () => {
  it('is the same bytes', async () => {
    expect((await buffer(inPieces(bytes, options))).equals(bytes)).toBe(true);
    expect(await buffer(inPieces(Buffer.alloc(0), options))).toHaveLength(0);
  });

  it('takes no memory of its own', async () => {
    for await (const piece of inPieces(bytes, options) as AsyncIterable<Buffer>) {
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
    for await (const piece of inPieces(bytes, options) as AsyncIterable<Buffer>) {
      pieces += Math.sign(piece.length);
      expect(turns).toBeGreaterThanOrEqual(pieces - 1);
    }
    clearImmediate(next);
    expect(pieces).toBe(5);
  });

  it('lets others have their turn however many clients are written to', async () => {
    const readers = Array.from({ length: 100 }, () => inPieces(bytes, options));
    let taken = 0;
    let mostInATurn = 0;
    let before = 0;
    const count = (): void => {
      mostInATurn = Math.max(mostInATurn, taken - before);
      before = taken;
      next = setImmediate(count);
    };
    let next = setImmediate(count);
    for (const reader of readers) reader.on('data', () => taken++);
    await Promise.all(readers.map((reader) => finished(reader)));
    clearImmediate(next);
    expect(taken).toBe(500);
    expect(mostInATurn).toBeLessThanOrEqual(16);
  });

  it('gives a client up that takes no piece in time, and no other', async () => {
    const slow = inPieces(bytes, options);
    const steady = inPieces(bytes, options)[Symbol.asyncIterator]();
    slow.read(0);
    for (let i = 0; i < 5; i++) {
      expect(await steady.next()).toMatchObject({ done: false });
      expect(slow.destroyed).toBe(false);
      await clock.advance(i < 4 ? 7_000 : 1_999);
    }
    const gone = finished(slow).catch((error: unknown) => error);
    await clock.advance(1);
    expect(await gone).toMatchObject({ code: 'ERR_STREAM_PREMATURE_CLOSE' });
    expect(await steady.next()).toMatchObject({ done: true });
  });

  it('waits for nothing once all is taken', async () => {
    await buffer(inPieces(bytes, options));
    expect(clock.pendingTimers).toBe(0);
  });
});
