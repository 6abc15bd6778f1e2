import type { Dirent } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { dirname, join, sep } from 'node:path';

/**
 * The files that a pattern names, sorted, by the rules of Go's `filepath.Glob`: `*`, `?`, `[…]` and `\` within each part
 * of the path. A pattern without these is given back as it is, whether or not there is such a file, so that a missing
 * file is reported instead of overlooked.
 *
 * @see https://pkg.go.dev/path/filepath#Match
 */
export async function globFiles(pattern: string): Promise<readonly string[]> {
  if (!isPattern(pattern)) return [pattern];
  const parts = pattern.split(sep);
  let found: readonly string[] = [parts[0] === '' ? sep : '.'];
  for (const part of parts) {
    if (part === '') continue;
    found = isPattern(part) ? await matchIn(found, part) : found.map((path) => join(path, part));
  }
  return [...found].sort();
}

/** The directories in which new files may match a pattern, as far as they can be told from the pattern alone. */
export function watchedPathOf(pattern: string): string {
  let path = pattern;
  while (isPattern(dirname(path))) path = dirname(path);
  return path;
}

/**
 * A pattern of one path part as a regular expression; `undefined` when it is malformed, which matches nothing. Only
 * single-character classes and `*` come of it, so no input makes it slow beyond the length of a file name.
 */
export function matcherOf(pattern: string): RegExp | undefined {
  let source = '';
  for (let at = 0; at < pattern.length; at++) {
    const character = pattern.charAt(at);
    if (character === '*') source += source.endsWith('.*') ? '' : '.*';
    else if (character === '?') source += '.';
    else if (character === '\\') source += literal(pattern.charAt(++at));
    else if (character === '[') {
      const end = classEnd(pattern, at);
      if (end === undefined) return undefined;
      source += classOf(pattern.slice(at + 1, end));
      at = end;
    } else source += literal(character);
  }
  try {
    return new RegExp(`^${source}$`, 's');
  } catch {
    return undefined; // a class whose range runs backwards
  }
}

function isPattern(path: string): boolean {
  return /[*?[\\]/.test(path);
}

async function matchIn(directories: readonly string[], part: string): Promise<readonly string[]> {
  const matcher = matcherOf(part);
  if (matcher === undefined) return [];
  const found = await Promise.all(
    directories.map(async (directory) => {
      const names = (await entriesOf(directory)).map((entry) => entry.name);
      return names.filter((name) => matcher.test(name)).map((name) => join(directory, name));
    }),
  );
  return found.flat();
}

async function entriesOf(directory: string): Promise<readonly Dirent[]> {
  try {
    return await readdir(directory, { withFileTypes: true });
  } catch {
    return []; // as Go: what cannot be listed matches nothing
  }
}

/** The index of the `]` that ends a class; one that comes first (after `^`) belongs to it. */
function classEnd(pattern: string, start: number): number | undefined {
  let at = start + 1;
  if (pattern.charAt(at) === '^') at++;
  for (let isFirst = true; at < pattern.length; at++, isFirst = false) {
    if (pattern.charAt(at) === '\\') at++;
    else if (pattern.charAt(at) === ']' && !isFirst) return at;
  }
  return undefined;
}

function classOf(inside: string): string {
  const negated = inside.startsWith('^');
  const body = (negated ? inside.slice(1) : inside).replace(
    /\\(.)|[[\]\\^]/gs,
    (all, escaped?: string) =>
      escaped === undefined
        ? `\\${all}`
        : `\\u${escaped.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
  return `[${negated ? '^' : ''}${body}]`;
}

function literal(character: string): string {
  return character.replace(/[.*+?^${}()|[\]\\/]/g, '\\$&');
}
