/**
 * One piece of a regular expression at a time: quoted text, an escaped character, a character class, the opening of a
 * named group (its name is captured), or any other character.
 */
const piece =
  /\\Q[^]*?(?:\\E|$)|\\[^]|\[\^?\]?(?:\[:\^?\w+:\]|\\[^]|[^\]\\])*\]|\(\?P?<(?<name>\w+)>|[^]/y;

/** An expression whose group names are unique, and how its new names were called. */
export interface UniquelyNamed {
  readonly expression: string;
  /** The original name of each renamed group. */
  readonly renamed: ReadonlyMap<string, string>;
}

/**
 * Renames groups whose name is taken already. Go lets names repeat (the first group of a name that took part in the match
 * is the one that counts), while the engine refuses them, and it keeps names in a plain object, where `constructor` is
 * taken from the start.
 */
export function makeGroupNamesUnique(expression: string): UniquelyNamed {
  const taken = new Set<string>();
  const renamed = new Map<string, string>();
  const free = (): string => {
    let suffix = renamed.size;
    while (expression.includes(`g${suffix}`)) suffix++;
    return `g${suffix}`;
  };
  const pieces = Array.from(expression.matchAll(new RegExp(piece, 'gy')), (match) => {
    const name = match.groups?.['name'];
    if (name === undefined) return match[0];
    if (!taken.has(name) && !(name in Object.prototype)) {
      taken.add(name);
      return match[0];
    }
    const unique = free();
    renamed.set(unique, name);
    return `(?P<${unique}>`;
  });
  return { expression: pieces.join(''), renamed };
}
