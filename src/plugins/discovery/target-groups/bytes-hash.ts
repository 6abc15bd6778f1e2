/** Hashes bytes, 53 bits: to tell whether they are the same as before, without keeping them. */
export class BytesHash {
  readonly #view: DataView;

  /** @param seed Nobody outside must know it, or they could prepare texts with one hash. */
  constructor(
    bytes: Uint8Array,
    private readonly seed: number,
  ) {
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  /** Four bytes at a time, which takes a third of the time that one by one does. */
  of(start: number, end: number): number {
    const view = this.#view;
    let high = this.seed ^ (end - start);
    let low = ~this.seed;
    let at = start;
    for (; at + 4 <= end; at += 4) {
      const word = view.getInt32(at, true);
      high = Math.imul(high ^ word, 0x85ebca6b);
      high ^= high >>> 15;
      low = Math.imul((low + high) | 0, 0x5bd1e995);
      low ^= low >>> 13;
    }
    for (; at < end; at++) {
      high = Math.imul(high ^ view.getUint8(at), 0x85ebca6b);
      high ^= high >>> 15;
      low = Math.imul((low + high) | 0, 0x5bd1e995);
      low ^= low >>> 13;
    }
    return (high >>> 11) * 2 ** 32 + (low >>> 0);
  }
}
