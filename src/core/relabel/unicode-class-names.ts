/**
 * The long names of the general categories, without the punctuation and case that do not count.
 *
 * @see https://www.unicode.org/Public/UCD/latest/ucd/PropertyValueAliases.txt
 */
const longNames: ReadonlyMap<string, string> = new Map([
  ['any', 'Any'],
  ['assigned', 'Assigned'],
  ['casedletter', 'LC'],
  ['closepunctuation', 'Pe'],
  ['cntrl', 'Cc'],
  ['combiningmark', 'M'],
  ['connectorpunctuation', 'Pc'],
  ['control', 'Cc'],
  ['currencysymbol', 'Sc'],
  ['dashpunctuation', 'Pd'],
  ['decimalnumber', 'Nd'],
  ['digit', 'Nd'],
  ['enclosingmark', 'Me'],
  ['finalpunctuation', 'Pf'],
  ['format', 'Cf'],
  ['initialpunctuation', 'Pi'],
  ['lc', 'LC'],
  ['letter', 'L'],
  ['letternumber', 'Nl'],
  ['lineseparator', 'Zl'],
  ['lowercaseletter', 'Ll'],
  ['mark', 'M'],
  ['mathsymbol', 'Sm'],
  ['modifierletter', 'Lm'],
  ['modifiersymbol', 'Sk'],
  ['nonspacingmark', 'Mn'],
  ['number', 'N'],
  ['openpunctuation', 'Ps'],
  ['other', 'C'],
  ['otherletter', 'Lo'],
  ['othernumber', 'No'],
  ['otherpunctuation', 'Po'],
  ['othersymbol', 'So'],
  ['paragraphseparator', 'Zp'],
  ['privateuse', 'Co'],
  ['punct', 'P'],
  ['punctuation', 'P'],
  ['separator', 'Z'],
  ['spaceseparator', 'Zs'],
  ['spacingmark', 'Mc'],
  ['surrogate', 'Cs'],
  ['symbol', 'S'],
  ['titlecaseletter', 'Lt'],
  ['unassigned', 'Cn'],
  ['uppercaseletter', 'Lu'],
]);

/** `\p{…}` or `\pL`; any other escape, so that a backslash that is escaped itself is not taken for the start of one. */
const unicodeClass = /\\(?<sign>[pP])(?:\{(?<not>\^?)(?<long>[^{}]+)\}|(?<short>[a-zA-Z]))|\\[^]/g;

function canonical(name: string): string {
  const loose = name.replace(/[ _-]/g, '').toLowerCase();
  const capitalised = loose.charAt(0).toUpperCase() + loose.slice(1);
  if (loose === 'lc' || loose.length > 2)
    return longNames.get(loose) ?? scriptName(name, capitalised);
  return capitalised;
}

/** Scripts of several words have capitals within; these are left as they are written. */
function scriptName(name: string, capitalised: string): string {
  return /^(?:[a-z]+|[A-Z]+)$/.test(name) ? capitalised : name;
}

/**
 * Spells the names of Unicode classes as the engine knows them. Go 1.25 and later accept them in any case, with spaces,
 * hyphens and underscores, and by their long names.
 *
 * @param piece A class or an escape of a regular expression.
 * @see https://go.dev/doc/go1.25#regexpsyntaxpkgregexpsyntax
 */
export function spellUnicodeClasses(piece: string): string {
  return piece.replace(unicodeClass, (whole, ...details: unknown[]) => {
    const groups = details.at(-1);
    return isClassParts(groups) ? spelled(groups, piece.startsWith('[')) : whole;
  });
}

interface ClassParts {
  readonly sign: string;
  readonly not?: string;
  readonly long?: string;
  readonly short?: string;
}

function isClassParts(groups: unknown): groups is ClassParts {
  return (
    typeof groups === 'object' && groups !== null && 'sign' in groups && groups.sign !== undefined
  );
}

function spelled({ sign, not = '', long, short = '' }: ClassParts, isInBrackets: boolean): string {
  const name = canonical(long ?? short);
  if (name !== 'Ascii') return `\\${sign}{${not}${name}}`;
  const isNegated = (sign === 'P') !== (not === '^');
  const range = isNegated ? String.raw`\x{80}-\x{10ffff}` : String.raw`\x00-\x7f`;
  return isInBrackets ? range : `[${range}]`;
}
