import { Readable } from 'node:stream';
import type { Clock } from '../../../plugin-api/index.js';
import { FairTurns } from './fair-turns.js';

/** How an answer goes to one client. */
export interface PieceSizes {
  /** What is written to a client at a time. */
  readonly pieceBytes: number;
  /** A larger body is sent in pieces. */
  readonly maxWholeBytes: number;
}

/** The kernel copies a piece in about 0.1 ms. What it does not take waits as a view of the body. */
export const PLAIN_PIECES: PieceSizes = { pieceBytes: 256 * 1024, maxWholeBytes: 1024 * 1024 };

/** Every client has an encrypted copy of its own of what the kernel does not take, so it is kept small. */
export const TLS_PIECES: PieceSizes = { pieceBytes: 32 * 1024, maxWholeBytes: 32 * 1024 };

/** Of all clients together: a turn takes about a millisecond. */
const PIECES_PER_TURN = 8;
const turns = new FairTurns(PIECES_PER_TURN);

export interface PiecesOptions {
  readonly pieceBytes: number;
  /**
   * A client that does not take a piece in this time is given up, with `ERR_STREAM_PREMATURE_CLOSE` to who waits for the end.
   * Node's own timeout of a socket would spare who reads a byte now and then, and needs up to twice its time over TLS.
   */
  readonly deadlineMs: number;
  readonly clock: Clock;
}

/**
 * A stream of views of the same memory, each written in a turn of the event loop that is shared with few others. A kernel
 * takes megabytes for each client that asks, so that hundreds who ask at once would hold up everyone else.
 */
export function inPieces(
  bytes: Uint8Array,
  { pieceBytes, deadlineMs, clock }: PiecesOptions,
): Readable {
  let offset = 0;
  let isTaken = (): void => undefined;
  return new Readable({
    highWaterMark: pieceBytes,
    read() {
      isTaken();
      turns.next(() => {
        if (this.destroyed) return;
        const piece = bytes.subarray(offset, offset + pieceBytes);
        offset += piece.length;
        if (piece.length > 0) isTaken = clock.after(deadlineMs, () => this.destroy());
        this.push(piece.length === 0 ? null : piece);
      });
    },
    destroy(error, done) {
      isTaken();
      done(error);
    },
  });
}
