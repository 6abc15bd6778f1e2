import { compareUtf8 } from '../labels/compare-utf8.js';
import type { LabelSet } from '../labels/label-set.js';

/** The sorted label names of a label set; equal lists are one object, so that they are compared by `===`. */
export interface NameList {
  readonly names: readonly string[];
}

/** Label names in the order in which an object gives them, and where each stands in the sorted list. */
export interface Shape {
  readonly keys: readonly string[];
  readonly list: NameList;
  /** For each key its position in the list. */
  readonly positions: Int32Array;
}

interface Node {
  readonly children: Map<string, Node>;
  shape: Shape | undefined;
}

const newNode = (): Node => ({ children: new Map(), shape: undefined });

/** Names that no present layout uses are forgotten with the whole table; until then it holds this many nodes. */
const MAX_NODES = 200_000;

/**
 * Finds the shape of label sets. It is a tree with one level for each key: walking it costs one look-up for each label
 * and makes no text, and two lists are one only if every name is equal (a joined text could be forged by odd names).
 */
export class NameTable {
  #root = newNode();
  #nodes = 0;

  /**
   * Reads the labels' values, in the order of the keys, into `values`.
   *
   * @param likely The shape of the former label set, which most often is this one's too.
   */
  read(labels: LabelSet, likely: Shape, values: string[]): Shape {
    const expected = likely.keys;
    let count = 0;
    let isLikely = true;
    for (const name in labels) {
      if (name !== expected[count]) isLikely = false;
      values[count++] = labels[name] ?? '';
    }
    return isLikely && count === expected.length ? likely : this.#find(Object.keys(labels));
  }

  /** The shape of a label set without labels. */
  get empty(): Shape {
    return this.#find([]);
  }

  #find(keys: readonly string[]): Shape {
    const node = this.#walk(keys);
    node.shape ??= this.#make(keys);
    return node.shape;
  }

  #make(keys: readonly string[]): Shape {
    const names = keys.toSorted(compareUtf8);
    if (names.every((name, i) => name === keys[i])) {
      return { keys: names, list: { names }, positions: Int32Array.from(keys.keys()) };
    }
    const { list } = this.#find(names);
    const positionOf = new Map(names.map((name, i) => [name, i]));
    return { keys, list, positions: Int32Array.from(keys, (name) => positionOf.get(name) ?? -1) };
  }

  #walk(keys: readonly string[]): Node {
    if (this.#nodes > MAX_NODES) {
      this.#root = newNode();
      this.#nodes = 0;
    }
    let node = this.#root;
    for (const name of keys) {
      let child = node.children.get(name);
      if (child === undefined) {
        child = newNode();
        node.children.set(name, child);
        this.#nodes++;
      }
      node = child;
    }
    return node;
  }
}
