import type { NameList } from './name-table.js';

/** How often the values of the columns of one list of names were already known. */
export interface ColumnUse {
  readonly tries: Int32Array;
  readonly hits: Int32Array;
}

/** After this many tries a column whose values seldom repeat is left alone. */
const TRIES = 512;
/** A power of two. */
const CELLS = 65_536;

/**
 * Makes equal label values of different groups one string. It pays where values repeat (a node's or a namespace's name)
 * and costs where they do not (a pod's uid), so each column is tried and then judged. A value has one cell, which the next
 * value with the same cell takes over: the pool forgets by itself and never grows with the targets of the past.
 */
export class ValuePool {
  readonly #cells = new Array<string>(CELLS).fill('');
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
    const cell = cellOf(value);
    const known = this.#cells[cell];
    if (known === value) {
      use.hits[column] = hits + 1;
      return known;
    }
    this.#cells[cell] = value;
    return value;
  }
}

function cellOf(value: string): number {
  let hash = value.length;
  for (let i = 0; i < value.length; i++) hash = Math.imul(hash ^ value.charCodeAt(i), 0x01000193);
  return (hash ^ (hash >>> 15)) & (CELLS - 1);
}
