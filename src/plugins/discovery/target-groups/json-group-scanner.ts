const quote = 0x22;
const backslash = 0x5c;
const openBrace = 0x7b;
const closeBrace = 0x7d;

/** Longer groups are read bit by bit, so that none of them holds up the event loop. */
export const MAX_GROUP_BYTES = 128 * 1024;

/**
 * Finds where the group ends that begins at `start`.
 *
 * @returns Behind its last byte, if it is right, which is not proven by that; -1: it is longer than
 *   {@link MAX_GROUP_BYTES}, or has no end.
 */
export function endOfGroup(bytes: Uint8Array, start: number): number {
  const end = Math.min(bytes.length, start + MAX_GROUP_BYTES);
  let isInText = false;
  let depth = 0;
  for (let at = start; at < end; at++) {
    const byte = bytes[at] ?? 0;
    if (byte === quote) isInText = !isInText;
    // What is escaped ends no string.
    else if (byte === backslash) at++;
    else if (byte >= openBrace && !isInText) {
      if (byte === openBrace) depth++;
      else if (byte === closeBrace && --depth === 0) return at + 1;
    }
  }
  return -1;
}
