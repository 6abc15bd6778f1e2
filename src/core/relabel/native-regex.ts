import { areDisjoint, type CharSet } from './char-set.js';
import { readSimple, type Part } from './simple-syntax.js';
import type { Regex, RegexMatch } from './regex.js';

/** The characters that a match of a part can begin and end with, each by its place in the expression. */
interface Ends {
  readonly first: readonly CharSet[];
  readonly last: readonly CharSet[];
  readonly isNullable: boolean;
}

const nothing: Ends = { first: [], last: [], isNullable: true };

/**
 * Works out what can follow each place of an expression: its Glushkov automaton.
 *
 * @see https://doi.org/10.1006/inco.1997.2695 (Brüggemann-Klein and Wood, One-Unambiguous Regular Languages)
 */
class Places {
  /** By identity: each place has a set object of its own. */
  readonly #following = new Map<CharSet, CharSet[]>();
  /** Places that are repeated, and whether as the only one of what is repeated. */
  readonly #isRepeatedAlone = new Map<CharSet, boolean>();

  /** `undefined`: the part repeats what can be empty or what is captured, or could be empty in two ways. */
  ends(part: Part): Ends | undefined {
    switch (part.kind) {
      case 'char': {
        const place = part.set.slice();
        this.#following.set(place, []);
        return { first: [place], last: [place], isNullable: false };
      }
      case 'group':
        return this.ends(part.part);
      case 'repeat':
        return this.#repeated(part);
      case 'sequence':
        return part.parts.reduce<Ends | undefined>(
          (before, next) => before && this.#joined(before, this.ends(next)),
          nothing,
        );
      case 'choice':
        return this.#chosen(part.parts);
    }
  }

  /**
   * How many ways through the expression a text can have. `one`: the next character always decides. `few`: one place alone
   * is in question wherever it does not, so that a single loop may have to be shortened.
   */
  ways({ first }: Ends): 'one' | 'few' | 'many' {
    const unclear = [...this.#following].filter(([, sets]) => overlaps(sets).length > 0);
    const pairs = [first, ...unclear.map(([, sets]) => sets)].flatMap(overlaps);
    if (pairs.length === 0) return 'one';
    const isSimple = (place: CharSet): boolean => this.#isRepeatedAlone.get(place) !== false;
    const inQuestion = pairs[0]?.find((place) => pairs.every((pair) => pair.includes(place)));
    const isFew = inQuestion && isSimple(inQuestion) && unclear.every(([place]) => isSimple(place));
    return isFew === true ? 'few' : 'many';
  }

  #follow(last: readonly CharSet[], first: readonly CharSet[]): void {
    for (const place of last) this.#following.get(place)?.push(...first);
  }

  #joined(before: Ends, next: Ends | undefined): Ends | undefined {
    if (next === undefined) return undefined;
    this.#follow(before.last, next.first);
    return {
      first: before.isNullable ? [...before.first, ...next.first] : before.first,
      last: next.isNullable ? [...before.last, ...next.last] : next.last,
      isNullable: before.isNullable && next.isNullable,
    };
  }

  #chosen(parts: readonly Part[]): Ends | undefined {
    const all = parts.map((part) => this.ends(part));
    const known = all.filter((ends) => ends !== undefined);
    const nullable = known.filter(({ isNullable }) => isNullable).length;
    if (known.length < all.length || nullable > 1) return undefined;
    return {
      first: known.flatMap(({ first }) => first),
      last: known.flatMap(({ last }) => last),
      isNullable: nullable > 0,
    };
  }

  #repeated({ operator, part }: Part & { kind: 'repeat' }): Ends | undefined {
    const before = this.#following.size;
    const ends = this.ends(part);
    if (ends === undefined) return undefined;
    if (operator === '?') return ends.isNullable ? undefined : { ...ends, isNullable: true };
    if (ends.isNullable || hasCapture(part)) return undefined;
    this.#follow(ends.last, ends.first);
    const places = [...this.#following.keys()].slice(before);
    for (const place of places) this.#isRepeatedAlone.set(place, isSingle(part));
    return operator === '*' ? { ...ends, isNullable: true } : ends;
  }
}

/** Pairs of places that one character may both stand for. */
function overlaps(sets: readonly CharSet[]): readonly (readonly CharSet[])[] {
  return sets.flatMap((set, i) =>
    sets.slice(i + 1).flatMap((other) => (areDisjoint(set, other) ? [] : [[set, other]])),
  );
}

/** A single character, in groups or not. */
function isSingle(part: Part): boolean {
  if (part.kind === 'sequence') return part.parts.length === 1 && part.parts.every(isSingle);
  return part.kind === 'char' || (part.kind === 'group' && isSingle(part.part));
}

function hasCapture(part: Part): boolean {
  if (part.kind === 'char') return false;
  if (part.kind === 'sequence' || part.kind === 'choice') return part.parts.some(hasCapture);
  return (part.kind === 'group' && part.isCaptured) || hasCapture(part.part);
}

const hex = (code: number): string => `\\u{${code.toString(16)}}`;

/** The same expression in the syntax of JavaScript. */
function written(part: Part): string {
  switch (part.kind) {
    case 'char':
      return `[${part.set.map(([first, last]) => `${hex(first)}-${hex(last)}`).join('')}]`;
    case 'group':
      return `(${part.isCaptured ? '' : '?:'}${written(part.part)})`;
    case 'repeat':
      return written(part.part) + part.operator;
    case 'sequence':
      return part.parts.map(written).join('');
    case 'choice':
      return part.parts.map(written).join('|');
  }
}

/** Longer texts are left to the engine: V8 keeps a stack of the ways not taken, and with few ways the time is quadratic. */
const longestText = { one: 4096, few: 512 };
/** Longer expressions are left to the engine, for the sake of the check of all pairs of places. */
const longestSource = 256;

/** Runs on V8 what cannot make it search long. */
class NativeRegex implements Regex {
  readonly groupNames: readonly string[];
  readonly #expression: RegExp;
  readonly #longestText: number;
  readonly #engine: () => Regex;

  constructor(
    readonly source: string,
    expression: RegExp,
    longestText: number,
    engine: () => Regex,
  ) {
    this.#expression = expression;
    this.#longestText = longestText;
    const groups = new RegExp(`${expression.source}|`, 'u').exec('')?.length ?? 1;
    this.groupNames = Array.from({ length: groups }, () => '');
    let made: Regex | undefined;
    this.#engine = () => (made ??= engine());
  }

  test(text: string): boolean {
    if (text.length > this.#longestText) return this.#engine().test(text);
    return this.#expression.test(text);
  }

  match(text: string): RegexMatch | undefined {
    if (text.length > this.#longestText) return this.#engine().match(text);
    return this.#expression.exec(text) ?? undefined;
  }

  replaceAll(text: string, replacement: (match: RegexMatch) => string): string {
    const match = this.match(text);
    return match === undefined ? text : replacement(match);
  }
}

/**
 * A matcher that runs on V8's regular expressions, many times faster than the RE2 engine in JavaScript; `undefined`: it is
 * not proven that V8 would give the same answers and not search long. Both take the first alternative that leads to a
 * match and repeat as often as they can; what they differ in (captures that are repeated, repeated empty matches, flags,
 * counts) is not taken. Neither is what has more than one place for which the next character does not decide:
 * `([^:]+)(?::\d+)?;(\d+)` is fine (only the first loop may have to give back a semicolon), `(a+)+` is not.
 *
 * @param engine Makes the engine for texts that are too long.
 */
export function nativeRegexFor(source: string, engine: () => Regex): Regex | undefined {
  if (source.length > longestSource) return undefined;
  const part = readSimple(source);
  const places = new Places();
  const ends = part && places.ends(part);
  if (part === undefined || ends === undefined) return undefined;
  const ways = places.ways(ends);
  if (ways === 'many') return undefined;
  return new NativeRegex(
    source,
    new RegExp(`^(?:${written(part)})$`, 'u'),
    longestText[ways],
    engine,
  );
}
