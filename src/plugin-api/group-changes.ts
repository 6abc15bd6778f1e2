import loadXxhash from 'xxhash-wasm';
import { emptyLabelSet, type LabelSet } from '../core/labels/label-set.js';
import type { TargetGroup } from '../core/target/target-group.js';

/** Hashes text in pieces. */
interface TextHash {
  update(text: string): unknown;
  digest(): bigint;
}
type NewTextHash = () => TextHash;

let loading: Promise<NewTextHash> | undefined;
const loadHash = (): Promise<NewTextHash> =>
  (loading ??= loadXxhash().then((xxhash) => () => xxhash.create64()));

/** Pieces handed to the hash are about this long: calls into it cost more than bytes. */
const PIECE_LENGTH = 16_384;

/**
 * Turns full sets of target groups into what changed since the former one. It remembers a hash of each group instead of
 * the group, so that a hundred thousand targets are not held twice.
 */
export class GroupChanges {
  readonly #newHash: NewTextHash;
  #hashes = new Map<string, bigint>();

  private constructor(newHash: NewTextHash) {
    this.#newHash = newHash;
  }

  /** A fresh one, to which every group is new. */
  static async create(): Promise<GroupChanges> {
    return new GroupChanges(await loadHash());
  }

  /**
   * Takes a full set. Of groups with one source the last one counts.
   *
   * @returns The groups that are new or differ, and for each source that is gone a group without targets.
   */
  *update(groups: Iterable<TargetGroup>): Generator<undefined, readonly TargetGroup[]> {
    const former = this.#hashes;
    const hashes = new Map<string, bigint>();
    const changed = new Map<string, TargetGroup>();
    for (const group of groups) {
      const hash = yield* this.#hashOf(group);
      hashes.set(group.source, hash);
      if (former.get(group.source) === hash) changed.delete(group.source);
      else changed.set(group.source, group);
      yield;
    }
    for (const source of former.keys()) {
      if (!hashes.has(source)) changed.set(source, deletionOf(source));
    }
    this.#hashes = hashes;
    return [...changed.values()];
  }

  /**
   * Takes some groups as they are now; all others stay as they were.
   *
   * @returns Those that are new or differ, and those without targets that had some before.
   */
  *updateSome(groups: Iterable<TargetGroup>): Generator<undefined, readonly TargetGroup[]> {
    const changed = new Map<string, TargetGroup>();
    for (const group of groups) {
      yield;
      const { source } = group;
      if (group.targets.length === 0) {
        if (this.#hashes.delete(source)) changed.set(source, deletionOf(source));
        continue;
      }
      const hash = yield* this.#hashOf(group);
      if (this.#hashes.get(source) === hash) continue;
      this.#hashes.set(source, hash);
      changed.set(source, group);
    }
    return [...changed.values()];
  }

  *#hashOf(group: TargetGroup): Generator<undefined, bigint> {
    const hash = this.#newHash();
    let piece = textOf(group.labels);
    for (const target of group.targets) {
      piece += textOf(target);
      if (piece.length < PIECE_LENGTH) continue;
      hash.update(piece);
      piece = '';
      yield;
    }
    hash.update(piece);
    return hash.digest();
  }
}

/** Says that a group is gone. */
export function deletionOf(source: string): TargetGroup {
  return { source, labels: emptyLabelSet, targets: [] };
}

/** Lengths before texts, so that no two label sets in one order have the same text. */
function textOf(labels: LabelSet): string {
  let text = '{';
  for (const name in labels) {
    const value = labels[name] ?? '';
    text += `${String(name.length)}:${name}${String(value.length)}:${value}`;
  }
  return text;
}
