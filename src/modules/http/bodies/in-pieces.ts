import { Readable } from 'node:stream';

/** What one turn of the event loop writes for one client; the kernel copies it in about 0.1 ms. */
const PIECE_BYTES = 256 * 1024;

/** A larger body is sent in pieces. */
export const MAX_WHOLE_BYTES = 4 * PIECE_BYTES;

/**
 * A stream of views of the same memory, one for each turn of the event loop. A kernel takes megabytes for each client
 * that asks, so that hundreds who ask at once would hold up everyone else; over TLS each of them would also get an
 * encrypted copy of all of it.
 */
export function inPieces(bytes: Uint8Array): Readable {
  let offset = 0;
  return new Readable({
    highWaterMark: PIECE_BYTES,
    read() {
      setImmediate(() => {
        const piece = bytes.subarray(offset, offset + PIECE_BYTES);
        offset += piece.length;
        this.push(piece.length === 0 ? null : piece);
      });
    },
  });
}
