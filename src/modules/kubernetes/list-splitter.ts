import { ApiProtocolError } from './kubernetes.errors.js';

const quote = 0x22;
const comma = 0x2c;
const backslash = 0x5c;
const openBracket = 0x5b;
const closeBracket = 0x5d;
const openBrace = 0x7b;
const closeBrace = 0x7d;
const spaces: ReadonlySet<number> = new Set([0x20, 0x09, 0x0a, 0x0d, comma]);

/** Where the items are: the list is an object, and they are in an array of it. */
const itemsDepth = 2;

/**
 * Cuts the objects out of a JSON list while its bytes arrive, so that a list of any length is parsed object by object.
 * Servers answer with all objects at once when they answer from memory, whatever limit they were asked for.
 */
export class ListSplitter {
  #depth = 0;
  #isInString = false;
  #isEscaped = false;
  #isInItems = false;
  /** The last text directly in the list, which is the key of what follows it. */
  #key: Uint8Array[] = [];
  #item: Uint8Array[] = [];
  readonly #envelope: Uint8Array[] = [];
  /** Where the bytes of the chunk begin that are not kept yet. */
  #begin = 0;

  /**
   * The objects that the chunk finishes.
   *
   * @throws ApiProtocolError when something else than objects is among the items.
   */
  push(chunk: Uint8Array): readonly Buffer[] {
    const items: Buffer[] = [];
    this.#begin = 0;
    for (let at = 0; at < chunk.length;) {
      at = this.#isInString ? this.#readString(chunk, at) : this.#readByte(chunk, at, items);
    }
    this.#keep(chunk, chunk.length);
    return items;
  }

  /** The list without its items, which is no JSON unless the list has come whole. */
  envelope(): Buffer {
    return Buffer.concat(this.#envelope);
  }

  #readByte(chunk: Uint8Array, at: number, items: Buffer[]): number {
    const byte = chunk[at] ?? 0;
    if (byte === openBrace || byte === openBracket) this.#open(chunk, at);
    else if (byte === closeBrace || byte === closeBracket) this.#close(chunk, at, items);
    else if (this.#isBetweenItems && !spaces.has(byte)) throw strangeItem();
    else if (byte === quote) {
      this.#isInString = true;
      this.#key = [];
    }
    return at + 1;
  }

  #readString(chunk: Uint8Array, from: number): number {
    let at = from;
    while (at < chunk.length && this.#isInString) {
      const byte = chunk[at];
      if (this.#isEscaped) this.#isEscaped = false;
      else if (byte === backslash) this.#isEscaped = true;
      else if (byte === quote) this.#isInString = false;
      at += 1;
    }
    if (this.#depth === 1) this.#key.push(chunk.slice(from, at));
    return at;
  }

  #open(chunk: Uint8Array, at: number): void {
    const isArray = chunk[at] === openBracket;
    if (this.#isBetweenItems) {
      if (isArray) throw strangeItem();
      this.#keep(chunk, at);
    }
    this.#depth += 1;
    if (!isArray || this.#depth !== itemsDepth || !this.#isItemsKey) return;
    this.#keep(chunk, at + 1);
    this.#isInItems = true;
  }

  #close(chunk: Uint8Array, at: number, items: Buffer[]): void {
    if (this.#isBetweenItems) {
      this.#keep(chunk, at);
      this.#isInItems = false;
    }
    this.#depth -= 1;
    if (!this.#isBetweenItems) return;
    this.#item.push(chunk.subarray(this.#begin, at + 1));
    this.#begin = at + 1;
    items.push(Buffer.concat(this.#item));
    this.#item = [];
  }

  /** Keeps the bytes up to there where they belong; what is between two items belongs nowhere. */
  #keep(chunk: Uint8Array, end: number): void {
    const bytes = chunk.subarray(this.#begin, end);
    this.#begin = end;
    if (this.#isBetweenItems) return;
    (this.#isInItems ? this.#item : this.#envelope).push(bytes);
  }

  get #isBetweenItems(): boolean {
    return this.#isInItems && this.#depth === itemsDepth;
  }

  get #isItemsKey(): boolean {
    return Buffer.concat(this.#key).toString('latin1') === 'items"';
  }
}

function strangeItem(): ApiProtocolError {
  return new ApiProtocolError('a list whose items are no objects');
}
