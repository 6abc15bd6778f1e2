/** Where identities are kept, by slot. */
export interface IdentityColumns {
  readonly high: Int32Array;
  readonly low: Int32Array;
}

const FIRST_CELLS = 16;

/**
 * Finds slots by identity: a hash table that holds slot numbers only and compares the identities in their columns, so that
 * it costs about 6 bytes a slot. Different targets may have the same 64 bits; a search therefore can go on behind a hit.
 */
export class IdentityTable {
  readonly #columns: IdentityColumns;
  /** Slot number plus one; 0: the cell is free. The length is a power of two. */
  #cells: Int32Array;
  #count: number;

  constructor(columns: IdentityColumns, copied?: IdentityTable) {
    this.#columns = columns;
    this.#cells = copied === undefined ? new Int32Array(FIRST_CELLS) : copied.#cells.slice();
    this.#count = copied === undefined ? 0 : copied.#count;
  }

  /** The first slot with this identity, or -1. */
  find(high: number, low: number): number {
    return this.#search(high, low, this.#home(high, low));
  }

  /** The next slot with the identity of this one, or -1. */
  findNext(slot: number): number {
    const { high, low } = this.#columns;
    const cell = (this.#cellOf(slot) + 1) & (this.#cells.length - 1);
    return this.#search(high[slot] ?? 0, low[slot] ?? 0, cell);
  }

  insert(slot: number): void {
    if (this.#count * 3 >= this.#cells.length * 2) this.#grow();
    this.#place(slot);
    this.#count++;
  }

  /** Puts another slot with the same identity in the place of this one. */
  replace(slot: number, other: number): void {
    this.#cells[this.#cellOf(slot)] = other + 1;
  }

  remove(slot: number): void {
    const cells = this.#cells;
    const mask = cells.length - 1;
    let hole = this.#cellOf(slot);
    // Followers that a search would no longer reach move up into the hole.
    for (let cell = (hole + 1) & mask; cells[cell] !== 0; cell = (cell + 1) & mask) {
      const home = this.#homeOf((cells[cell] ?? 0) - 1);
      if (((cell - home) & mask) < ((cell - hole) & mask)) continue;
      cells[hole] = cells[cell] ?? 0;
      hole = cell;
    }
    cells[hole] = 0;
    this.#count--;
  }

  /** Forgets everything, and keeps its room unless that is far too much for what comes. */
  clear(expected: number): void {
    if (this.#cells.length > 4 * (expected + FIRST_CELLS))
      this.#cells = new Int32Array(FIRST_CELLS);
    else if (this.#count > 0) this.#cells.fill(0);
    this.#count = 0;
  }

  #home(high: number, low: number): number {
    return (high ^ (low >>> 7)) & (this.#cells.length - 1);
  }

  #homeOf(slot: number): number {
    return this.#home(this.#columns.high[slot] ?? 0, this.#columns.low[slot] ?? 0);
  }

  #search(wantedHigh: number, wantedLow: number, from: number): number {
    const cells = this.#cells;
    const { high, low } = this.#columns;
    const mask = cells.length - 1;
    for (let cell = from; ; cell = (cell + 1) & mask) {
      const slot = (cells[cell] ?? 0) - 1;
      if (slot < 0) return -1;
      if (high[slot] === wantedHigh && low[slot] === wantedLow) return slot;
    }
  }

  #cellOf(slot: number): number {
    const cells = this.#cells;
    const mask = cells.length - 1;
    let cell = this.#homeOf(slot);
    while (cells[cell] !== slot + 1) cell = (cell + 1) & mask;
    return cell;
  }

  #place(slot: number): void {
    const cells = this.#cells;
    const mask = cells.length - 1;
    let cell = this.#homeOf(slot);
    while (cells[cell] !== 0) cell = (cell + 1) & mask;
    cells[cell] = slot + 1;
  }

  #grow(): void {
    const former = this.#cells;
    this.#cells = new Int32Array(former.length * 2);
    for (const cell of former) if (cell !== 0) this.#place(cell - 1);
  }
}
