import { anyChar, charSet, complement, type CharSet } from './char-set.js';

/** A part of an expression. */
export type Part =
  | { readonly kind: 'char'; readonly set: CharSet }
  | { readonly kind: 'sequence'; readonly parts: readonly Part[] }
  | { readonly kind: 'choice'; readonly parts: readonly Part[] }
  | { readonly kind: 'group'; readonly isCaptured: boolean; readonly part: Part }
  | { readonly kind: 'repeat'; readonly operator: '*' | '+' | '?'; readonly part: Part };

const point = (char: string): CharSet => {
  const code = char.codePointAt(0) ?? 0;
  return [[code, code]];
};
const digits: CharSet = [[0x30, 0x39]];
const wordChars = charSet([...digits, [0x41, 0x5a], [0x5f, 0x5f], [0x61, 0x7a]]);
/** Without the vertical tab, which is a blank elsewhere. */
const blanks = charSet([
  [0x09, 0x0a],
  [0x0c, 0x0d],
  [0x20, 0x20],
]);

const classes: ReadonlyMap<string, CharSet> = new Map([
  ['d', digits],
  ['D', complement(digits)],
  ['w', wordChars],
  ['W', complement(wordChars)],
  ['s', blanks],
  ['S', complement(blanks)],
  ['n', point('\n')],
  ['t', point('\t')],
]);

const special = '\\.+*?()|[]{}^$';
const punctuation = /^[!-/:-@[-`{-~]$/;

/** Reads the part of RE2's syntax that needs no thought: no counts, flags, names, anchors, lazy or POSIX things. */
class Reader {
  readonly #chars: readonly string[];
  #at = 0;

  constructor(source: string) {
    this.#chars = Array.from(source);
  }

  /** The whole expression; `undefined`: there is something else in it. */
  whole(): Part | undefined {
    const part = this.#choice();
    return this.#at === this.#chars.length ? part : undefined;
  }

  #take(char: string): boolean {
    if (this.#chars[this.#at] !== char) return false;
    this.#at++;
    return true;
  }

  #choice(): Part | undefined {
    const parts: Part[] = [];
    do {
      const part = this.#sequence();
      if (part === undefined) return undefined;
      parts.push(part);
    } while (this.#take('|'));
    return parts.length === 1 ? parts[0] : { kind: 'choice', parts };
  }

  #sequence(): Part | undefined {
    const parts: Part[] = [];
    for (let next = this.#chars[this.#at]; next !== undefined && next !== '|' && next !== ')';) {
      const part = this.#repeated();
      if (part === undefined) return undefined;
      parts.push(part);
      next = this.#chars[this.#at];
    }
    return { kind: 'sequence', parts };
  }

  #repeated(): Part | undefined {
    const part = this.#atom();
    const operator = this.#chars[this.#at];
    if (part === undefined || (operator !== '*' && operator !== '+' && operator !== '?'))
      return part;
    this.#at++;
    return { kind: 'repeat', operator, part };
  }

  #atom(): Part | undefined {
    if (this.#take('(')) return this.#group();
    const set = this.#take('[') ? this.#class() : this.#char(special);
    return set && { kind: 'char', set };
  }

  #group(): Part | undefined {
    const isCaptured = !this.#take('?');
    if (!isCaptured && !this.#take(':')) return undefined;
    const part = this.#choice();
    return part !== undefined && this.#take(')') ? { kind: 'group', isCaptured, part } : undefined;
  }

  /** One character, or what an escape or a dot stands for. */
  #char(meaningful: string): CharSet | undefined {
    const char = this.#chars[this.#at++];
    if (char === undefined) return undefined;
    if (char === '\\') return this.#escaped();
    if (char === '.' && meaningful === special) return anyChar;
    return meaningful.includes(char) ? undefined : point(char);
  }

  #escaped(): CharSet | undefined {
    const char = this.#chars[this.#at++] ?? '';
    return punctuation.test(char) ? point(char) : classes.get(char);
  }

  /** After the opening bracket. */
  #class(): CharSet | undefined {
    const isNegated = this.#take('^');
    const ranges: (readonly [number, number])[] = [];
    do {
      const range = this.#range();
      if (range === undefined) return undefined;
      ranges.push(...range);
    } while (!this.#take(']'));
    const set = charSet(ranges);
    return isNegated ? complement(set) : set;
  }

  /** A character or a range of them; a hyphen stands for itself only with a backslash. */
  #range(): CharSet | undefined {
    const first = this.#char('[]-');
    if (first === undefined || !this.#take('-')) return first;
    const last = this.#char('[]-');
    const from = single(first);
    const to = single(last);
    return from === undefined || to === undefined || to < from ? undefined : [[from, to]];
  }
}

function single(set: CharSet | undefined): number | undefined {
  const [range, ...others] = set ?? [];
  return others.length === 0 && range?.[0] === range?.[1] ? range?.[0] : undefined;
}

/** Reads a simple expression of RE2's syntax; `undefined`: it is wrong or not simple. */
export function readSimple(source: string): Part | undefined {
  return new Reader(source).whole();
}
