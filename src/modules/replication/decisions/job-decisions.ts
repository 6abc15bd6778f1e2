import type { DecidedTargets } from '../../../core/allocation/decisions.js';

/** Insertions between two interruptions: some tens of microseconds. */
const insertionsPerStep = 1_024;
/** Slots per target, so that searches end soon. */
const slotsPerTarget = 2;

/** Which collector was decided on for each target of one job: a table by hash, 24 bytes a target. */
export class JobDecisions {
  readonly #collectors: readonly string[];
  readonly #high: Int32Array;
  readonly #low: Int32Array;
  /** Index into the collectors, plus 1; 0: the slot is free. */
  readonly #owners: Int32Array;
  readonly #mask: number;

  private constructor(collectors: readonly string[], targets: number) {
    const slots = 2 ** Math.ceil(Math.log2(Math.max(targets * slotsPerTarget, 2)));
    this.#collectors = collectors;
    this.#high = new Int32Array(slots);
    this.#low = new Int32Array(slots);
    this.#owners = new Int32Array(slots);
    this.#mask = slots - 1;
  }

  /** Yields wherever it may be interrupted. Of one hash that several collectors have, the first counts. */
  static *of(parts: ReadonlyMap<string, DecidedTargets>): Generator<void, JobDecisions> {
    let targets = 0;
    for (const { high } of parts.values()) targets += high.length;
    const made = new JobDecisions([...parts.keys()], targets);
    let inserted = 0;
    let owner = 0;
    for (const { high, low } of parts.values()) {
      owner += 1;
      for (let i = 0; i < high.length; i++) {
        made.#insert(high[i] ?? 0, low[i] ?? 0, owner);
        if (++inserted % insertionsPerStep === 0) yield;
      }
    }
    return made;
  }

  get(high: number, low: number): string | undefined {
    const owner = this.#owners[this.#slotOf(high, low)] ?? 0;
    return this.#collectors[owner - 1];
  }

  #insert(high: number, low: number, owner: number): void {
    const slot = this.#slotOf(high, low);
    if (this.#owners[slot] !== 0) return;
    this.#high[slot] = high;
    this.#low[slot] = low;
    this.#owners[slot] = owner;
  }

  /** That of the hash, or the free one where it belongs. */
  #slotOf(high: number, low: number): number {
    // Mixed, so that whoever can choose some bits of hashes cannot fill one place of the table.
    let slot = Math.imul(high ^ Math.imul(low, -1640531527), -2048144777) >>> 7;
    for (; ; slot++) {
      slot &= this.#mask;
      if (this.#owners[slot] === 0) return slot;
      if (this.#low[slot] === low && this.#high[slot] === high) return slot;
    }
  }
}
