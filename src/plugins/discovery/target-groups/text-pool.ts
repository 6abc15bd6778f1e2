/** How often the texts of one column were already known. */
export interface TextUse {
  tries: number;
  hits: number;
}

/** After this many tries a column whose texts seldom repeat is left alone. */
const TRIES = 512;
/** A power of two. */
const CELLS = 65_536;

/** Of all input: files of one writer have the same texts. */
const cells = new Array<string>(CELLS).fill('');

/**
 * Makes strings of bytes, and of equal ones the same string: where texts repeat, most need not be made at all. A text has
 * one cell, which the next one of that cell takes over, so that the pool never grows with the texts of the past.
 */
export class TextPool {
  constructor(private readonly bytes: Buffer) {}

  /**
   * The text of these bytes, all of them ASCII.
   *
   * @param hash Made of them in any way; equal bytes have equal ones.
   */
  text(start: number, end: number, hash: number, use: TextUse): string {
    if (use.tries > TRIES && use.hits * 4 < use.tries) return this.#made(start, end);
    use.tries++;
    const cell = (hash ^ (hash >>> 15)) & (CELLS - 1);
    const known = cells[cell] ?? '';
    if (this.#isAt(start, end, known)) {
      use.hits++;
      return known;
    }
    const text = this.#made(start, end);
    cells[cell] = text;
    return text;
  }

  #made(start: number, end: number): string {
    return this.bytes.toString('latin1', start, end);
  }

  #isAt(start: number, end: number, text: string): boolean {
    const { bytes } = this;
    const { length } = text;
    if (length !== end - start) return false;
    for (let i = 0; i < length; i++) if (text.charCodeAt(i) !== bytes[start + i]) return false;
    return true;
  }
}
