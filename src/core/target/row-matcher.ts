import type { Shape } from './name-table.js';
import { addressOf, blockOf, type Block, type StoredGroup } from './stored-group.js';

/** Where a row is kept. */
export interface RowPlace {
  readonly block: Block;
  readonly row: number;
}

const ROWS_PER_STEP = 4096;

/**
 * Finds, for each row of a group's new state, the row of its former state with the same values, so that only what changed
 * is looked at again. Rows come in order, so the former row after the last match is tried first; only when rows came
 * or went are they looked up by their address.
 */
export class RowMatcher {
  readonly former: StoredGroup;
  /** For each row seen so far its equal in the former state, or -1. */
  readonly origins: Int32Array;
  #seen = 0;
  #isInOrder = true;
  #next = 0;
  #byAddress: Map<string, number> | undefined;
  #block: Block | undefined;

  /** @param rows How many rows the new state has. */
  constructor(former: StoredGroup, rows: number) {
    this.former = former;
    this.origins = new Int32Array(rows);
  }

  /** Whether the rows seen so far are exactly those of the former state. */
  get isSame(): boolean {
    return this.#isInOrder && this.#seen === this.former.rows;
  }

  /** Takes the next row; gives its equal in the former state. Yields while it makes an index. */
  *match(
    shape: Shape,
    values: readonly string[],
    address: string,
  ): Generator<void, RowPlace | undefined> {
    let origin = this.#matchNext(shape, values, address);
    if (origin === undefined) {
      this.#byAddress ??= yield* this.#index();
      origin = this.#matchAnywhere(this.#byAddress, shape, values, address);
    }
    if (origin !== this.#seen) this.#isInOrder = false;
    this.origins[this.#seen++] = origin;
    return origin < 0 ? undefined : { block: this.#blockOf(origin), row: origin };
  }

  /** `undefined`: rows came or went. */
  #matchNext(shape: Shape, values: readonly string[], address: string): number | undefined {
    const expected = this.#next;
    if (expected >= this.former.rows) return undefined;
    if (this.#equals(expected, shape, values)) {
      this.#next = expected + 1;
      return expected;
    }
    if (this.#addressOf(expected) !== address) return undefined;
    this.#next = expected + 1;
    return -1;
  }

  #matchAnywhere(
    byAddress: ReadonlyMap<string, number>,
    shape: Shape,
    values: readonly string[],
    address: string,
  ): number {
    const found = byAddress.get(address);
    if (found === undefined) return -1;
    this.#next = found + 1;
    return this.#equals(found, shape, values) ? found : -1;
  }

  *#index(): Generator<void, Map<string, number>> {
    const byAddress = new Map<string, number>();
    for (let row = 0; row < this.former.rows; row++) {
      byAddress.set(this.#addressOf(row), row);
      if (row % ROWS_PER_STEP === 0) yield;
    }
    return byAddress;
  }

  #blockOf(row: number): Block {
    const block = this.#block;
    if (block !== undefined && row >= block.first && row < block.first + block.rows) return block;
    return (this.#block = blockOf(this.former, row));
  }

  #addressOf(row: number): string {
    return addressOf(this.#blockOf(row), row);
  }

  #equals(row: number, shape: Shape, values: readonly string[]): boolean {
    const block = this.#blockOf(row);
    if (block.layout.targetNames !== shape.list) return false;
    const { positions } = shape;
    const start = (row - block.first) * positions.length;
    for (let i = 0; i < positions.length; i++) {
      if (block.values[start + (positions[i] ?? 0)] !== values[i]) return false;
    }
    return true;
  }
}
