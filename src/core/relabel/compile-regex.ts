import { nativeRegexFor } from './native-regex.js';
import { Re2Regex } from './re2-regex.js';
import { shortcutFor } from './regex-shortcuts.js';
import type { Regex } from './regex.js';

/**
 * Compiles a relabel rule's regular expression. Common simple shapes get matchers of their own, others that cannot make
 * it search run on V8, everything else is run by an RE2 engine; all give the same answers.
 *
 * @param source RE2 syntax.
 * @throws {RegexSyntaxError} `TA_REGEX_INVALID`, when Go's regexp package would not compile it.
 * @see https://github.com/google/re2/wiki/Syntax
 */
export function compileRegex(source: string): Regex {
  const engine = (): Regex => new Re2Regex(source);
  return shortcutFor(source) ?? nativeRegexFor(source, engine) ?? engine();
}
