import type { NameList } from './name-table.js';

/** How often the values of the columns of one list of names were already known. */
export interface ColumnUse {
  readonly tries: Int32Array;
  readonly hits: Int32Array;
}

/** After this many tries a column whose values seldom repeat is left alone. */
const TRIES = 512;
/** Each of the two generations holds at most this many values. */
const GENERATION_SIZE = 65_536;

/**
 * Makes equal label values of different groups one string. It pays where values repeat (a node's or a namespace's name)
 * and costs where they do not (a pod's uid), so each column is tried and then judged. The pool forgets: values that were
 * not asked for during a whole generation are dropped, so that it never grows with the targets of the past.
 */
export class ValuePool {
  #young = new Map<string, string>();
  #old = new Map<string, string>();
  readonly #uses = new WeakMap<NameList, ColumnUse>();

  /** The judgement on the columns of these names. */
  useOf(list: NameList): ColumnUse {
    let use = this.#uses.get(list);
    if (use === undefined) {
      const width = list.names.length;
      use = { tries: new Int32Array(width), hits: new Int32Array(width) };
      this.#uses.set(list, use);
    }
    return use;
  }

  /** The value's pooled twin, or the value itself. */
  intern(use: ColumnUse, column: number, value: string): string {
    const tries = use.tries[column] ?? 0;
    const hits = use.hits[column] ?? 0;
    if (tries > TRIES && hits * 4 < tries) return value;
    use.tries[column] = tries + 1;
    const known = this.#find(value);
    if (known === undefined) {
      this.#add(value);
      return value;
    }
    use.hits[column] = hits + 1;
    return known;
  }

  #find(value: string): string | undefined {
    const young = this.#young.get(value);
    if (young !== undefined) return young;
    const old = this.#old.get(value);
    if (old !== undefined) this.#add(old);
    return old;
  }

  #add(value: string): void {
    if (this.#young.size >= GENERATION_SIZE) {
      this.#old = this.#young;
      this.#young = new Map();
    }
    this.#young.set(value, value);
  }
}
