import { lstat, readdir } from 'node:fs/promises';
import { join } from 'node:path';

/** What makes a path a pattern. */
const meta = /[*?[\\]/;

/**
 * The paths that a pattern names, sorted within their folder: `*` is any run of characters but `/`, `?` one of them,
 * `[a-z]` and `[^a-z]` one of a set, a backslash takes the next character as it is. What cannot be read has no matches.
 *
 * @see https://pkg.go.dev/path/filepath#Glob
 */
export async function glob(pattern: string): Promise<readonly string[]> {
  if (!meta.test(pattern)) return (await exists(pattern)) ? [pattern] : [];
  const slash = pattern.lastIndexOf('/');
  const name = pattern.slice(slash + 1);
  const folder = slash < 0 ? '.' : pattern.slice(0, slash) || '/';
  const matches: string[] = [];
  for (const found of meta.test(folder) ? await glob(folder) : [folder]) {
    const names = (await namesIn(found)).filter((candidate) => matchesName(name, candidate));
    matches.push(...names.map((match) => (slash < 0 ? match : join(found, match))));
  }
  return matches;
}

async function exists(path: string): Promise<boolean> {
  // Not stat: a link that leads nowhere is a file that cannot be read, not one that was deleted.
  return lstat(path).then(
    () => true,
    () => false,
  );
}

async function namesIn(folder: string): Promise<readonly string[]> {
  return readdir(folder).then(
    (names) => names.sort(),
    () => [],
  );
}

/**
 * Whether one name fits a pattern without slashes. Linear in the name for each star, as a longer match of an earlier
 * star never helps.
 */
export function matchesName(pattern: string, name: string): boolean {
  const pieces = piecesOf(pattern);
  const characters = Array.from(name);
  let piece = 0;
  let at = 0;
  let afterStar: { piece: number; at: number } | undefined;
  while (at < characters.length || piece < pieces.length) {
    const wanted = pieces[piece];
    const character = characters[at];
    if (wanted === 'star') {
      piece += 1;
      afterStar = { piece, at };
    } else if (wanted !== undefined && character !== undefined && wanted(character)) {
      piece += 1;
      at += 1;
    } else if (afterStar !== undefined && afterStar.at < characters.length) {
      afterStar = { piece: afterStar.piece, at: afterStar.at + 1 };
      ({ piece, at } = afterStar);
    } else {
      return false;
    }
  }
  return true;
}

type Piece = 'star' | ((character: string) => boolean);

function piecesOf(pattern: string): readonly Piece[] {
  const found = pattern.match(/\*|\?|\[\^?(?:\\.|[^\]\\])+\]|\\.|[^*?]/gsu) ?? [];
  return found.map((text): Piece => {
    if (text === '*') return 'star';
    if (text === '?') return () => true;
    if (text.length > 2 && text.startsWith('[')) return setOf(text.slice(1, -1));
    const literal = text.length > 1 && text.startsWith('\\') ? text.slice(1) : text;
    return (character) => character === literal;
  });
}

/** `a-z`, `^a-z`, single characters and escapes. */
function setOf(text: string): Piece {
  const isNegated = text.startsWith('^');
  const members = (isNegated ? text.slice(1) : text).match(/(?:\\.|.)(?:-(?:\\.|.))?/gsu) ?? [];
  const ranges = members.map((member) => {
    const ends = member.match(/\\.|./gsu) ?? [];
    const bare = ends.map((end) => (end.length > 1 && end.startsWith('\\') ? end.slice(1) : end));
    const [low = ''] = bare;
    return { low, high: bare.length > 1 ? (bare.at(-1) ?? low) : low };
  });
  return (character) =>
    ranges.some(({ low, high }) => low <= character && character <= high) !== isNegated;
}
