import { createHash } from 'node:crypto';

/** The work between two places where the hashing may be interrupted, in bytes. */
const PIECE_BYTES = 65_536;

/** Tells whether content is the same as before without keeping it. */
export function* contentHash(content: Uint8Array): Generator<undefined, string> {
  const hash = createHash('sha256');
  for (let at = 0; at < content.length; at += PIECE_BYTES) {
    hash.update(content.subarray(at, at + PIECE_BYTES));
    yield;
  }
  return hash.digest('base64');
}
