const quote = 0x22;

/** Written in JSON byte by byte as they are. */
const plain = /^[ !#-[\]-\x7f]*$/;

/** A name as JSON writes it, quotes included, to be looked for in bytes: four at a time, as names are most of the input. */
export class QuotedName {
  readonly length: number;
  /** Of its bytes, little-endian; the last one filled up with zeros. */
  readonly #words: Int32Array;
  /** Which bits of the last word count. */
  readonly #mask: number;

  private constructor(name: string) {
    const written = [quote, ...Buffer.from(name, 'latin1'), quote];
    const words = Math.ceil(written.length / 4);
    this.length = written.length;
    this.#words = Int32Array.from({ length: words }, (_, word) =>
      [0, 1, 2, 3].reduce((bits, i) => bits | ((written[4 * word + i] ?? 0) << (8 * i)), 0),
    );
    this.#mask = -1 >>> (8 * (4 * words - written.length));
  }

  /** @returns `undefined`: the name can be written in several ways. */
  static of(name: string): QuotedName | undefined {
    return plain.test(name) ? new QuotedName(name) : undefined;
  }

  /** Where a word would go beyond the end, the answer is no, whatever is there. */
  isAt(view: DataView, start: number): boolean {
    const words = this.#words;
    const last = words.length - 1;
    if (start + 4 * words.length > view.byteLength) return false;
    let at = start;
    for (let i = 0; i < last; i++, at += 4) {
      if (view.getInt32(at, true) !== words[i]) return false;
    }
    return (view.getInt32(at, true) & this.#mask) === words[last];
  }
}
