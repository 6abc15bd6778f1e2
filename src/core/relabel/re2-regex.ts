import { RE2JS, RE2JSException, type Matcher } from 're2js';
import { BoundedMemo } from './bounded-memo.js';
import { toEngineDialect } from './engine-dialect.js';
import type { Regex, RegexMatch } from './regex.js';
import { RegexSyntaxError } from './relabel.errors.js';

/**
 * In longer texts the engine looks for groups step by step (up to 0.1 s for 20,000 characters), while it says whether
 * there is a match at all by an automaton, 10 to 100 times faster. A text made to be slow is one that does not match.
 */
const longText = 512;

/** Runs a step of the engine's compiler in the name of the expression as its author wrote it. */
function compile(source: string, expression: string): RE2JS {
  try {
    return RE2JS.compile(expression);
  } catch (cause) {
    if (!(cause instanceof RE2JSException)) throw cause;
    const problem = cause.message.replace('error parsing regexp: ', '');
    throw new RegexSyntaxError(source, problem, { cause });
  }
}

/** A regular expression run by the RE2 engine, with the latest answers remembered: label values repeat a lot. */
export class Re2Regex implements Regex {
  readonly groupNames: readonly string[];
  readonly #program: RE2JS;
  readonly #tests = new BoundedMemo<boolean>();
  readonly #matches = new BoundedMemo<RegexMatch | false>();

  /** @throws {RegexSyntaxError} `TA_REGEX_INVALID` */
  constructor(readonly source: string) {
    // The anchors go round the text as it is, as in Prometheus: `a)|(b` is valid and means `^(?s:a)|(b)$` there.
    const { expression, renamed } = toEngineDialect(`^(?s:${source})$`);
    this.#program = compile(source, expression);
    const names = Array.from({ length: this.#program.groupCount() + 1 }, () => '');
    for (const [name, index] of Object.entries(this.#program.namedGroups())) {
      names[index] = renamed.get(name) ?? name;
    }
    this.groupNames = names;
  }

  test(text: string): boolean {
    return this.#tests.get(text, () => this.#program.test(text));
  }

  match(text: string): RegexMatch | undefined {
    const found = this.#matches.get(text, () => {
      if (text.length > longText && !this.#program.test(text)) return false;
      const matcher = this.#program.matcher(text);
      return matcher.find() && this.#groupsOf(matcher);
    });
    return found === false ? undefined : found;
  }

  replaceAll(text: string, replacement: (match: RegexMatch) => string): string {
    const matcher = this.#program.matcher(text);
    let result = '';
    let lastEnd = 0;
    let from = 0;
    while (from <= text.length && matcher.find(from)) {
      const start = matcher.start();
      const end = matcher.end();
      result += text.slice(lastEnd, start);
      // As in Go, an empty match right after another one is not replaced.
      if (end > lastEnd || start === 0) result += replacement(this.#groupsOf(matcher));
      lastEnd = end;
      const next = from + ((text.codePointAt(from) ?? 0) > 0xffff ? 2 : 1);
      from = Math.max(end, next);
    }
    return result + text.slice(lastEnd);
  }

  #groupsOf(matcher: Matcher): RegexMatch {
    return this.groupNames.map((_, i) => matcher.group(i) ?? undefined);
  }
}
