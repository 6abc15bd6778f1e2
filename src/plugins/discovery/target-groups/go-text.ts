const replacement = '\uFFFD';

/**
 * The text of UTF-8 bytes as Go reads it: each byte that is not part of a valid sequence becomes one U+FFFD. (The web's
 * decoders make one of several bytes.)
 */
export function goText(bytes: Buffer): string {
  const text = bytes.toString('utf8');
  if (!text.includes(replacement)) return text;
  let exact = '';
  let at = 0;
  while (at < bytes.length) {
    const length = sequenceLength(bytes, at);
    exact += length === 0 ? replacement : bytes.toString('utf8', at, at + length);
    at += Math.max(length, 1);
  }
  return exact;
}

/** The length of the valid sequence that begins here; 0: there is none. */
function sequenceLength(bytes: Buffer, at: number): number {
  const first = bytes[at] ?? 0;
  if (first < 0x80) return 1;
  const length = first >= 0xf0 ? 4 : first >= 0xe0 ? 3 : 2;
  if (at + length > bytes.length) return 0;
  // A sequence is valid exactly when it decodes to one character that encodes to it.
  const sequence = bytes.subarray(at, at + length);
  return Buffer.from(sequence.toString('utf8')).equals(sequence) ? length : 0;
}
