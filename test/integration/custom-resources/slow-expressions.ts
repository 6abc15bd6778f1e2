/** What takes exponential or polynomial time in engines that try one way after the other; `X` is a piece that repeats. */
const shapes: readonly string[] = [
  '(X+)+$',
  '(X*)*$',
  '(X|X)*$',
  '(X|XX)+$',
  '(X|X?)+$',
  '(X+)*b$',
  '(.*X){20}',
  'X*X*X*X*X*X*X*X*b',
  '(X?){50}X{50}b',
  '^(([X])+.)+[A-Z]([X])+$',
  '((X*)*)*b',
  '(X+X+)+b',
  '(?:X+)+(?:X+)+b',
  '(.*)(.*)(.*)(.*)(.*)[^X]',
  '(X{1,100}){1,10}b',
  '((X|b)*c|(X|b)*d)*e',
  '(?i:(X+)+)!b',
  '(\\w+\\s?)+b',
  '^(X+)+(@(X+)+)*b',
  '(X+)+|(X*)+c',
];
const pieces: readonly string[] = [
  'a',
  '[a-z]',
  '.',
  '\\w',
  '(?:a)',
  'aa',
  '[^b]',
  '\\pL',
  '(a|\\w)',
  '[[:alpha:]]',
];

/** Two hundred of them, all of which RE2 takes. */
export const slowExpressions: readonly string[] = shapes.flatMap((shape) =>
  pieces.map((piece) => shape.replaceAll('X', piece)),
);

/** What RE2 takes, and what is large: a hundred thousand characters. */
export const largeExpressions: readonly string[] = [
  `(${'a|'.repeat(50_000)}b)`,
  'a'.repeat(100_000),
];

/** What RE2 takes, and what would hold up everybody else for a second or more. */
export const costlyExpressions: readonly string[] = [
  '[a-z]?'.repeat(100_000 / 6),
  '(a?b*c+){1000}',
  '((a{0,30}){30}b?)*'.repeat(3),
];

/** What RE2 refuses. */
export const refusedExpressions: readonly string[] = [
  'x{1000}{1000}',
  'x{1001}',
  '(((x{100}){100}){100})',
  '(a+',
  'a**b)',
  '(?=a)',
  '\\1',
  `${'('.repeat(2_000)}a${')'.repeat(2_000)}`,
];

/** What none of {@link slowExpressions} is quick with elsewhere. */
export const slowText = `${'a'.repeat(20_000)}!`;
