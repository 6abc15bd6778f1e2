import { goText } from './go-text.js';
import { MAX_TEXT_BYTES, tooLongText } from './target-budget.js';
import { TargetGroupsError } from './target-groups.errors.js';

const quote = 0x22;
const backslash = 0x5c;
const comma = 0x2c;
const colon = 0x3a;
const whitespace: ReadonlySet<number | undefined> = new Set([0x20, 0x09, 0x0a, 0x0d]);

/** Reads JSON piece by piece from bytes, with Go's idea of texts. Every method skips the blanks before it. */
export class JsonReader {
  /** The whole text. */
  readonly bytes: Buffer;
  /** The next byte. */
  at = 0;

  constructor(bytes: Uint8Array) {
    this.bytes = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  /** @throws TargetGroupsError always. */
  fail(problem: string): never {
    throw new TargetGroupsError(`byte ${String(this.at)}: ${problem}`);
  }

  takeNull(): boolean {
    this.#skipBlanks();
    if (this.bytes[this.at] !== 0x6e) return false;
    if (this.bytes.toString('latin1', this.at, this.at + 4) !== 'null') this.#unexpected('null');
    this.at += 4;
    return true;
  }

  /** Begins a list or mapping. */
  open(bracket: '[' | '{'): void {
    this.#take(bracket.charCodeAt(0), `"${bracket}"`);
  }

  /** Whether the `index`-th item follows, for the caller to read; else the list or mapping is closed. */
  hasItem(index: number, close: ']' | '}'): boolean {
    const closing = close.charCodeAt(0);
    if (index === 0) return !this.#takes(closing);
    if (this.#takes(comma)) return true;
    this.#take(closing, `"," or "${close}"`);
    return false;
  }

  /** The key of a mapping, with its colon. */
  key(): string {
    const key = this.text();
    this.#take(colon, '":"');
    return key;
  }

  /** @param label What it is the value of, to tell of one that is too long; else it is a name. */
  text(label?: string): string {
    this.#take(quote, 'a text');
    const start = this.at;
    const longest = start + MAX_TEXT_BYTES;
    let isPlain = true;
    for (;;) {
      if (this.at > longest) this.#tooLong(start, label);
      const byte = this.bytes[this.at];
      if (byte === quote) break;
      if (byte === undefined) this.#unexpected('the end of a text');
      if (byte < 0x20) this.fail('a control character in a text');
      if (byte === backslash) {
        isPlain = false;
        this.at += 1;
      }
      this.at += 1;
    }
    const text = goText(this.bytes.subarray(start, this.at));
    this.at += 1;
    return isPlain ? text : this.#unescaped(text);
  }

  /** Nothing may follow. */
  end(): void {
    this.#skipBlanks();
    if (this.at < this.bytes.length) this.#unexpected('the end');
  }

  #tooLong(start: number, label: string | undefined): never {
    const end = this.bytes.indexOf(quote, this.at);
    const length = (end < 0 ? this.bytes.length : end) - start;
    this.at = start - 1;
    return this.fail(tooLongText(length, label));
  }

  #unescaped(text: string): string {
    try {
      const value: unknown = JSON.parse(`"${text}"`);
      // Half a pair of surrogates is no character.
      return String(value).replace(/\p{Surrogate}/gu, '\uFFFD');
    } catch {
      return this.fail('an unknown escape in a text');
    }
  }

  #takes(byte: number): boolean {
    this.#skipBlanks();
    if (this.bytes[this.at] !== byte) return false;
    this.at += 1;
    return true;
  }

  #take(byte: number, what: string): void {
    if (!this.#takes(byte)) this.#unexpected(what);
  }

  #unexpected(what: string): never {
    const found = this.bytes[this.at];
    if (found === undefined) return this.fail(`expected ${what}, but it ends here`);
    return this.fail(`expected ${what}, found ${JSON.stringify(String.fromCharCode(found))}`);
  }

  #skipBlanks(): void {
    while (whitespace.has(this.bytes[this.at])) this.at += 1;
  }
}
