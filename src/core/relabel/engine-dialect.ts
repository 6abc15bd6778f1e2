import { spellUnicodeClasses } from './unicode-class-names.js';

/**
 * One piece of a regular expression at a time: quoted text, a Unicode class or an escaped character, a class in brackets,
 * the opening of a named group (its name is captured), or any other character.
 */
const piece =
  /\\Q[^]*?(?:\\E|$)|\\[pP]\{[^}]*\}|\\[pP][a-zA-Z]|\\[^]|\[\^?\]?(?:\[:\^?\w+:\]|\\[^]|[^\]\\])*\]|\(\?P?<(?<name>\w+)>|[^]/gy;

/** An expression as the engine accepts it. */
export interface EngineExpression {
  readonly expression: string;
  /** The original names of the groups that go by another name in the expression. */
  readonly renamed: ReadonlyMap<string, string>;
}

/** Gives a new name to each group whose name is taken. */
class GroupNames {
  readonly renamed = new Map<string, string>();
  readonly #taken = new Set<string>();
  readonly #expression: string;

  constructor(expression: string) {
    this.#expression = expression;
  }

  opening(name: string): string {
    // The engine keeps names in a plain object, where `constructor` is taken from the start.
    if (!this.#taken.has(name) && !(name in Object.prototype)) {
      this.#taken.add(name);
      return `(?P<${name}>`;
    }
    let suffix = 0;
    while (this.#isUsed(`g${suffix}`)) suffix++;
    this.renamed.set(`g${suffix}`, name);
    return `(?P<g${suffix}>`;
  }

  #isUsed(name: string): boolean {
    return this.renamed.has(name) || this.#expression.includes(name);
  }
}

/**
 * Escapes the bracket of a class that ends with `[:]`, which the engine takes for a class name without letters. Go does
 * not, unless a name ends somewhere behind it: then both refuse the expression.
 */
function withoutEmptyClassName(text: string, behind: string): string {
  if (!text.endsWith('[:]') || behind.includes(':]')) return text;
  return `[${text.slice(1).replace(/\\[^]|\[:\]$/g, (part) => (part === '[:]' ? '\\[:]' : part))}`;
}

/**
 * Writes a regular expression of Go's so that the engine accepts it, where the two differ: Go lets group names repeat
 * (the first group of a name that took part in the match counts), spells Unicode classes freely and reads `[[:]`.
 */
export function toEngineDialect(expression: string): EngineExpression {
  const names = new GroupNames(expression);
  const pieces = Array.from(expression.matchAll(piece), ({ 0: text, 1: name, index }) => {
    if (name !== undefined) return names.opening(name);
    if (text.startsWith('\\Q')) return text;
    const behind = expression.slice(index + text.length);
    return spellUnicodeClasses(text.startsWith('[') ? withoutEmptyClassName(text, behind) : text);
  });
  return { expression: pieces.join(''), renamed: names.renamed };
}
