import { RE2JS } from 're2js';
import type { Regex, RegexMatch } from './regex.js';

/** A `replacement` or `target_label` made ready for one regular expression. */
export interface Template {
  /** The text, where it refers to no group: it is the same for every match then. */
  readonly constant: string | undefined;
  expand(match: RegexMatch): string;
}

/** What follows a dollar sign that refers to a group: its name or number, and how much text that took. */
interface Reference {
  readonly name: string;
  readonly length: number;
}

// The engine's tables of letters and digits, which do not change with the Node.js version.
const nameAtStart = RE2JS.compile(String.raw`^[\pL\p{Nd}_]+`);

function referenceAt(text: string): Reference | undefined {
  const isBraced = text.startsWith('{');
  const start = isBraced ? 1 : 0;
  const matcher = nameAtStart.matcher(text.slice(start));
  if (!matcher.find()) return undefined;
  const name = matcher.group() ?? '';
  const end = start + name.length;
  if (!isBraced) return { name, length: end };
  return text[end] === '}' ? { name, length: end + 1 } : undefined;
}

/** Longer numbers are names to Go, and so are those with leading zeros. */
const numberedGroup = /^(?:0|[1-9]\d{0,8})$/;

/** The groups that a reference means, the first one that took part counts. */
function groupsOf(name: string, groupNames: readonly string[]): readonly number[] {
  if (numberedGroup.test(name)) return Number(name) < groupNames.length ? [Number(name)] : [];
  return groupNames.flatMap((groupName, i) => (groupName === name ? [i] : []));
}

type Part = string | readonly number[];

/** @see https://pkg.go.dev/regexp#Regexp.Expand */
function parse(text: string, groupNames: readonly string[]): readonly Part[] {
  const parts: Part[] = [];
  let rest = text;
  for (;;) {
    const dollar = rest.indexOf('$');
    if (dollar < 0) return [...parts, rest];
    parts.push(rest.slice(0, dollar));
    rest = rest.slice(dollar + 1);
    if (rest.startsWith('$')) {
      parts.push('$');
      rest = rest.slice(1);
      continue;
    }
    const reference = referenceAt(rest);
    // A dollar sign that refers to nothing stands for itself.
    parts.push(reference === undefined ? '$' : groupsOf(reference.name, groupNames));
    rest = rest.slice(reference?.length ?? 0);
  }
}

function groupValue(groups: readonly number[], match: RegexMatch): string {
  for (const group of groups) {
    const value = match[group];
    if (value !== undefined) return value;
  }
  return '';
}

/**
 * Reads a template as Go's `Regexp.Expand` does: `$1`, `${1}`, `$name`, `${name}`, `$$` for a dollar sign. `$1x` is the
 * group `1x`, a group that there is not is empty, a malformed reference stays as it is.
 */
export function compileTemplate(text: string, regex: Regex): Template {
  const parts = parse(text, regex.groupNames).filter((part) => part.length > 0);
  const [first, ...others] = parts;
  if (parts.every((part) => typeof part === 'string')) {
    const constant = parts.join('');
    return { constant, expand: () => constant };
  }
  if (others.length === 0 && first !== undefined && typeof first !== 'string') {
    return { constant: undefined, expand: (match) => groupValue(first, match) };
  }
  return {
    constant: undefined,
    expand: (match) =>
      parts.map((part) => (typeof part === 'string' ? part : groupValue(part, match))).join(''),
  };
}
