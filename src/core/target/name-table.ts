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
  /** Made anew when it is asked for again after nobody has held it for a while. */
  shape: WeakRef<Shape> | undefined;
  /** The list of the names that lead here, where these are sorted. */
  list: WeakRef<NameList> | undefined;
}

const newNode = (): Node => ({ children: new Map(), shape: undefined, list: undefined });

/** A list that the tree knows, but does not keep alive. */
interface KnownList {
  readonly list: WeakRef<NameList>;
  /** The names' number. */
  readonly length: number;
}

/** So many nodes are not worth a look at which of them are still needed. */
const FEW_NODES = 512;
/** Beside the names in use themselves there is room for label sets that give them in other orders. */
const NODES_PER_NAME_IN_USE = 3;

/**
 * Finds the shape of label sets. It is a tree with one level for each key: walking it costs one look-up for each label
 * and makes no text, and two lists are one only if every name is equal (a joined text could be forged by odd names).
 *
 * The tree holds its lists weakly: one that no group has any more goes, and with it all that is known of its columns and
 * compiled for them. The nodes that led there are forgotten when there are many of them.
 */
export class NameTable {
  #root = newNode();
  #nodes = 0;
  readonly #lists = new Set<KnownList>();
  /** Of all known lists together. */
  #names = 0;
  readonly #unused = new FinalizationRegistry<KnownList>((known) => {
    this.#lists.delete(known);
    this.#names -= known.length;
  });

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
    return isLikely && count === expected.length ? likely : this.find(Object.keys(labels));
  }

  /** The shape of a label set without labels. */
  get empty(): Shape {
    return this.find([]);
  }

  /** The shape of label sets with these names in this order. */
  find(keys: readonly string[]): Shape {
    const node = this.#walk(keys);
    const known = node.shape?.deref();
    if (known !== undefined) return known;
    const made = this.#make(keys);
    node.shape = new WeakRef(made);
    return made;
  }

  #make(keys: readonly string[]): Shape {
    const names = keys.toSorted(compareUtf8);
    const list = this.#listOf(names);
    if (names.every((name, i) => name === keys[i])) {
      return { keys: list.names, list, positions: Int32Array.from(keys.keys()) };
    }
    const positionOf = new Map(names.map((name, i) => [name, i]));
    return { keys, list, positions: Int32Array.from(keys, (name) => positionOf.get(name) ?? -1) };
  }

  #listOf(names: readonly string[]): NameList {
    const node = this.#walk(names);
    const known = node.list?.deref();
    if (known !== undefined) return known;
    const made = { names };
    node.list = new WeakRef(made);
    this.#know(made, { list: node.list, length: names.length });
    return made;
  }

  #know(list: NameList, known: KnownList): void {
    this.#lists.add(known);
    this.#names += known.length;
    this.#unused.register(list, known);
  }

  #walk(keys: readonly string[]): Node {
    if (this.#nodes > FEW_NODES + this.#names * NODES_PER_NAME_IN_USE) this.#forgetUnused();
    return this.#nodeOf(keys);
  }

  #nodeOf(keys: readonly string[]): Node {
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

  /** Leaves the nodes that lead to lists in use; orders of names come again when they are met. */
  #forgetUnused(): void {
    this.#root = newNode();
    this.#nodes = 0;
    for (const { list } of this.#lists) {
      const used = list.deref();
      if (used !== undefined) this.#nodeOf(used.names).list = list;
    }
  }
}
