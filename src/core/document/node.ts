/**
 * A document as it was written: texts, lists and mappings, before anything decided what a text means. Aliases are
 * resolved (the node is shared) and merge keys are merged. Whether `0777` is a number is not known here: that depends on
 * what reads it.
 */
export type DocumentNode = ScalarNode | SequenceNode | MappingNode;

/** A single value. */
export interface ScalarNode {
  readonly kind: 'scalar';
  /** The text, without quotes, escapes resolved and folded. */
  readonly text: string;
  /** Written without quotes, so that it may mean a null, a truth value or a number. */
  readonly isPlain: boolean;
  /** An explicit tag in its long form: `tag:yaml.org,2002:str`. */
  readonly tag?: string;
  /** The value came as a secret and must not be shown. */
  readonly isSecret?: boolean;
  /** Where it begins, in UTF-16 units; `undefined` for values that no text was read for. */
  readonly offset?: number;
}

/** A list. */
export interface SequenceNode {
  readonly kind: 'sequence';
  readonly items: readonly DocumentNode[];
  readonly offset?: number;
}

/** Keys and values, by key, in the order in which the keys first came. */
export interface MappingNode {
  readonly kind: 'mapping';
  readonly entries: ReadonlyMap<string, MappingEntry>;
  readonly offset?: number;
  /** After its last line or bracket; known only where the text up to there says all of what it means. */
  readonly end?: number;
}

/** One key with its value. */
export interface MappingEntry {
  readonly key: ScalarNode;
  readonly value: DocumentNode;
  /** The key came more than once, which only a merge (`<<`) makes possible; the last value stands. */
  readonly isRepeated: boolean;
}

/** The null scalar, which stands for an empty document. */
export const nullNode: ScalarNode = { kind: 'scalar', text: '', isPlain: true };
