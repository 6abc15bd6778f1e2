import type { ScalarNode } from './node.js';

/** The text has what is not read plainly. Caught by the reader, which leaves the text to the library. */
export class NotPlain extends Error {
  constructor() {
    super('the text is left to the library');
    this.name = 'NotPlain';
  }
}

/** Begins and goes on so that it can be nothing but a key; the colon belongs to no text. */
const plainKey = /[A-Za-z0-9_][\w./-]*(?=:(?: |\n|$))/y;
/** What may mean something else than a text where a value begins. */
const indicators = new Set('-?:,[]{}#&*!|>\'"%@`');
/** Up to where a text in brackets goes; what comes after its colons is looked at apart. */
const plainInFlow = /[^-.?:,[\]{}#&*!|>'"%@`\s][^,[\]{}\n]*/y;
const doubleQuoted = /"(?:[^"\\\n]|\\["\\/bfnrt]|\\u(?![dD][89a-fA-F])[0-9a-fA-F]{4})*"/y;
const singleQuoted = /'(?:[^'\n]|'')*'/y;
const literalHead = /\|-? *\n/y;
/** Longer ones are no keys (YAML allows 1024 characters up to the colon). */
const longestKey = 1000;

/** Reads the scalars of a text, as far as there can be no doubt of what they are. */
export class PlainScanner {
  /** Where reading goes on, in UTF-16 units. */
  at = 0;
  readonly #keys = new Map<string, string>();

  constructor(readonly text: string) {}

  /** The character to be read next; the empty text at the end. */
  get next(): string {
    return this.text.charAt(this.at);
  }

  skipSpaces(): void {
    while (this.text.charCodeAt(this.at) === 0x20) this.at += 1;
  }

  /** Goes to the end of the line, whether a comment is left of it or nothing; does not when there is more. */
  isLineOver(): boolean {
    const before = this.at;
    this.skipSpaces();
    if (this.next === '#') {
      if (this.at === before && !this.#isAtLineStart()) throw new NotPlain();
      this.at = this.#lineEnd();
    }
    return this.next === '' || this.next === '\n';
  }

  /** A key without quotes, with its colon; `undefined` when there is none. */
  key(): ScalarNode | undefined {
    const offset = this.at;
    const found = this.#match(plainKey);
    if (found === undefined) return undefined;
    if (found.length > longestKey) throw new NotPlain();
    this.at += 1;
    return { kind: 'scalar', text: this.#shared(found), isPlain: true, offset };
  }

  /** A key in a flow mapping, with its colon. */
  flowKey(): ScalarNode {
    if (this.next !== '"' && this.next !== "'") return this.key() ?? doubt();
    const key = this.quoted();
    this.skipSpaces();
    if (this.text[this.at] !== ':' || key.text.length > longestKey) throw new NotPlain();
    this.at += 1;
    return { ...key, text: this.#shared(key.text) };
  }

  /** A value that stands alone on the rest of its line. */
  blockScalar(): ScalarNode {
    if (this.next === '"' || this.next === "'") return this.quoted();
    const offset = this.at;
    if (indicators.has(this.next)) throw new NotPlain();
    const line = this.text.slice(offset, this.#lineEnd());
    const comment = line.indexOf(' #');
    const written = trimEnd(comment < 0 ? line : line.slice(0, comment));
    if (written.includes(': ') || written.endsWith(':')) throw new NotPlain();
    this.at = offset + written.length;
    return { kind: 'scalar', text: ownText(written), isPlain: true, offset };
  }

  /**
   * A text over several lines (`|`, `|-`) with the line that announces it, when its lines leave no doubt of where it ends.
   *
   * @param column Of the collection around it: the text stands deeper.
   */
  literal(column: number): ScalarNode {
    const offset = this.at;
    const announced = this.#match(literalHead) ?? doubt();
    const depth = this.#spacesAhead();
    if (depth <= column) throw new NotPlain();
    const lines: string[] = [];
    for (let line = this.#literalLine(depth, column); line !== undefined;) {
      lines.push(line);
      line = this.#literalLine(depth, column);
    }
    if (lines[0] === '') throw new NotPlain();
    while (lines.at(-1) === '') lines.pop();
    const text = lines.join('\n') + (announced.startsWith('|-') ? '' : '\n');
    return { kind: 'scalar', text, isPlain: false, offset };
  }

  /** A value between brackets. */
  flowScalar(): ScalarNode {
    if (this.next === '"' || this.next === "'") return this.quoted();
    const offset = this.at;
    const written = trimEnd(this.#match(plainInFlow) ?? doubt());
    if (/: |:$| #/.test(written)) throw new NotPlain();
    this.at = offset + written.length;
    return { kind: 'scalar', text: ownText(written), isPlain: true, offset };
  }

  quoted(): ScalarNode {
    const offset = this.at;
    const isDouble = this.next === '"';
    const written = this.#match(isDouble ? doubleQuoted : singleQuoted) ?? doubt();
    const text = isDouble ? unescaped(written) : written.slice(1, -1).replaceAll("''", "'");
    return { kind: 'scalar', text: ownText(text), isPlain: false, offset };
  }

  #match(pattern: RegExp): string | undefined {
    pattern.lastIndex = this.at;
    if (!pattern.test(this.text)) return undefined;
    const found = this.text.slice(this.at, pattern.lastIndex);
    this.at = pattern.lastIndex;
    return found;
  }

  /** The next line of a literal text; `undefined` after its last one. */
  #literalLine(depth: number, column: number): string | undefined {
    const { text, next } = this;
    const spaces = this.#spacesAhead();
    const first = text.charAt(this.at + spaces);
    // Spaces alone, and a last line that has no end, are another matter.
    if (spaces > 0 && (first === '\n' || first === '')) throw new NotPlain();
    if (spaces < depth && next !== '\n') {
      if (spaces > column || first === '#') throw new NotPlain();
      return undefined;
    }
    const end = text.indexOf('\n', this.at);
    if (end < 0) throw new NotPlain();
    const line = text.slice(this.at + depth, end);
    this.at = end + 1;
    return line;
  }

  #spacesAhead(): number {
    let end = this.at;
    while (this.text.charCodeAt(end) === 0x20) end += 1;
    return end - this.at;
  }

  #lineEnd(): number {
    const end = this.text.indexOf('\n', this.at);
    return end < 0 ? this.text.length : end;
  }

  #isAtLineStart(): boolean {
    return this.at === 0 || ' \n'.includes(this.text.charAt(this.at - 1));
  }

  /** One copy of each key: there are few, and each comes often. */
  #shared(key: string): string {
    const known = this.#keys.get(key);
    if (known !== undefined) return known;
    const own = ownText(key);
    this.#keys.set(own, own);
    return own;
  }
}

/** @throws NotPlain */
export function doubt(): never {
  throw new NotPlain();
}

/** What JSON allows in quotes means the same in YAML. */
function unescaped(written: string): string {
  if (!written.includes('\\')) return written.slice(1, -1);
  const text: unknown = JSON.parse(written);
  return typeof text === 'string' ? text : doubt();
}

/** Spaces only: other white space belongs to the text. */
function trimEnd(text: string): string {
  let end = text.length;
  while (text.charCodeAt(end - 1) === 0x20) end -= 1;
  return text.slice(0, end);
}

/** A slice keeps the text that it is of in memory, as long as a single job of it lives; a copy does not. */
function ownText(slice: string): string {
  return ` ${slice}`.slice(1);
}
