/** What matched: the whole match, then the capturing groups; `undefined`: the group took no part. */
export type RegexMatch = readonly (string | undefined)[];

/** A relabel rule's regular expression, anchored as Prometheus anchors it: `^(?s:…)$`. Time is linear in the text. */
export interface Regex {
  /** As written, without the anchors. */
  readonly source: string;
  /** The name of each group, `''` for those without; the first stands for the whole match. Names may repeat. */
  readonly groupNames: readonly string[];
  test(text: string): boolean;
  /** The first match; `undefined`: none. */
  match(text: string): RegexMatch | undefined;
  /** The text with each match replaced, as Go's `ReplaceAllString` goes about it. */
  replaceAll(text: string, replacement: (match: RegexMatch) => string): string;
}
