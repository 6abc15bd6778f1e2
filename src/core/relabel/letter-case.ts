/** First and last code point of a range, and what is added to each of its code points. */
type Shift = readonly [first: number, last: number, by: number];

/**
 * The letters with iota subscript: JavaScript's upper case of them is two letters, while in Go's per-rune mapping it is
 * the one letter of title case.
 */
const titleCased: readonly Shift[] = [
  [0x1f80, 0x1f87, 8],
  [0x1f90, 0x1f97, 8],
  [0x1fa0, 0x1fa7, 8],
  [0x1fb3, 0x1fb3, 9],
  [0x1fc3, 0x1fc3, 9],
  [0x1ff3, 0x1ff3, 9],
];

/**
 * Letters whose case partner came with Unicode 16 or 17, which newer Node.js versions know and Go 1.26 (Unicode 15) does
 * not: the same input must give the same labels whatever runs us.
 */
const caselessToGo: readonly (readonly [first: number, last: number])[] = [
  [0x019b, 0x019b],
  [0x0264, 0x0264],
  [0x1c89, 0x1c8a],
  [0xa7cb, 0xa7cf],
  [0xa7d2, 0xa7d5],
  [0xa7da, 0xa7dc],
  [0x10d50, 0x10d65],
  [0x10d70, 0x10d85],
  [0x16ea0, 0x16eb8],
  [0x16ebb, 0x16ed3],
];

const isAscii = /^[\0-\x7f]*$/;

function isCaseless(code: number): boolean {
  return caselessToGo.some(([first, last]) => first <= code && code <= last);
}

function mapEach(text: string, map: (character: string, code: number) => string): string {
  let mapped = '';
  for (const character of text) {
    const code = character.codePointAt(0) ?? 0;
    mapped += isCaseless(code) ? character : map(character, code);
  }
  return mapped;
}

/**
 * Lower case as Go's `strings.ToLower`: code point by code point, by Unicode's simple mapping. Unlike in JavaScript a
 * capital sigma is always `σ`, and `İ` becomes a plain `i`.
 */
export function toLowerLikeGo(text: string): string {
  if (isAscii.test(text)) return text.toLowerCase();
  return mapEach(text, (character) => {
    if (character === 'İ') return 'i';
    return character.toLowerCase();
  });
}

/**
 * Upper case as Go's `strings.ToUpper`: code point by code point, by Unicode's simple mapping. Unlike in JavaScript
 * letters whose upper case is several letters stay as they are: `ß`, `ŉ`, `ﬁ`.
 */
export function toUpperLikeGo(text: string): string {
  if (isAscii.test(text)) return text.toUpperCase();
  return mapEach(text, (character, code) => {
    const upper = character.toUpperCase();
    // No letter changes its length in UTF-16 by simple mapping: a longer answer is several letters.
    if (upper.length === character.length) return upper;
    const shift = titleCased.find(([first, last]) => first <= code && code <= last);
    return shift === undefined ? character : String.fromCodePoint(code + shift[2]);
  });
}
