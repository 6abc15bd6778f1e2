import { Re2Regex } from './re2-regex.js';
import { shortcutFor } from './regex-shortcuts.js';
import type { Regex } from './regex.js';

/**
 * Compiles a relabel rule's regular expression. Common simple shapes get matchers of their own, everything else is run
 * by an RE2 engine; both give the same answers.
 *
 * @param source RE2 syntax.
 * @throws {RegexSyntaxError} `TA_REGEX_INVALID`, when Go's regexp package would not compile it.
 * @see https://github.com/google/re2/wiki/Syntax
 */
export function compileRegex(source: string): Regex {
  return shortcutFor(source) ?? new Re2Regex(source);
}
