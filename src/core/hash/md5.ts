const encoder = new TextEncoder();

type Words = readonly [a: number, b: number, c: number, d: number];

interface Step {
  readonly round: number;
  /** Which word of the block is taken. */
  readonly word: number;
  readonly sine: number;
  readonly turn: number;
}

/** How the words are gone through, and how far each step turns, round by round: RFC 1321, 3.4. */
const rounds = [
  { factor: 1, start: 0, turns: [7, 12, 17, 22] },
  { factor: 5, start: 1, turns: [5, 9, 14, 20] },
  { factor: 3, start: 5, turns: [4, 11, 16, 23] },
  { factor: 7, start: 0, turns: [6, 10, 15, 21] },
];
const steps: readonly Step[] = rounds.flatMap(({ factor, start, turns }, round) =>
  Array.from({ length: 4 }, () => turns)
    .flat()
    .map((turn, i) => ({
      round,
      word: (factor * i + start) % 16,
      sine: Math.floor(Math.abs(Math.sin(round * 16 + i + 1)) * 2 ** 32) | 0,
      turn,
    })),
);

function mixed(round: number, b: number, c: number, d: number): number {
  switch (round) {
    case 0:
      return (b & c) | (~b & d);
    case 1:
      return (b & d) | (c & ~d);
    case 2:
      return b ^ c ^ d;
    default:
      return c ^ (b | ~d);
  }
}

/** The state after a block of 64 bytes. */
function digestBlock(state: Words, block: DataView, offset: number): Words {
  let [a, b, c, d] = state;
  for (const { round, word, sine, turn } of steps) {
    const sum = (a + mixed(round, b, c, d) + sine + block.getInt32(offset + 4 * word, true)) | 0;
    a = d;
    d = c;
    c = b;
    b = (b + ((sum << turn) | (sum >>> (32 - turn)))) | 0;
  }
  return [(state[0] + a) | 0, (state[1] + b) | 0, (state[2] + c) | 0, (state[3] + d) | 0];
}

/**
 * The MD5 digest of a text's UTF-8 bytes: 16 bytes. Not for security; it is what Prometheus shards by.
 *
 * @see https://www.rfc-editor.org/rfc/rfc1321
 */
export function md5(text: string): Uint8Array {
  const message = encoder.encode(text);
  // The message, one bit, zeros, and the length in bits in 8 bytes, up to a whole number of blocks.
  const padded = new Uint8Array(((message.length + 8) >> 6) * 64 + 64);
  padded.set(message);
  padded[message.length] = 0x80;
  const view = new DataView(padded.buffer);
  view.setBigUint64(padded.length - 8, BigInt(message.length) * 8n, true);
  let state: Words = [0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476];
  for (let at = 0; at < padded.length; at += 64) state = digestBlock(state, view, at);
  const digest = new DataView(new ArrayBuffer(16));
  state.forEach((word, i) => {
    digest.setInt32(4 * i, word, true);
  });
  return new Uint8Array(digest.buffer);
}
