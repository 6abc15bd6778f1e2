import { largerColumn } from './larger-column.js';
import { IdentityTable } from './identity-table.js';

/** In the owner column: the target is known but no collector has it. */
export const UNASSIGNED = -1;
/** In the owner column: another slot stands for the same target. */
export const SHADOWED = -2;
/** Ends a list of slots. */
export const NONE = -1;

const FIRST_CAPACITY = 16;

/**
 * The targets that one job keeps: a slot in eight columns of 32-bit integers for each, instead of an object. The labels
 * are not here but with the group that the slot points to.
 */
export class JobRecords {
  /** The identity: a hash of the labels after relabeling. */
  high: Int32Array;
  low: Int32Array;
  /** The key of a keyed strategy, 0 with others. */
  key: Int32Array;
  /** The collector's index, {@link UNASSIGNED} or {@link SHADOWED}. */
  owner: Int32Array;
  /** The number of the target's group within the job. */
  group: Int32Array;
  /** The target's row in its group. */
  row: Int32Array;
  /** The group's next slot, in the order of rows; in a free slot the next free one. */
  next: Int32Array;
  /** A ring of the slots that are the same target; a slot without twins points to itself. */
  twin: Int32Array;
  /** Finds the slot that stands for an identity; shadowed ones are not in it. */
  readonly identities: IdentityTable;
  /** The identities that every process computes alike; `undefined`: nobody has asked. Both halves 0: not yet computed. */
  #portable: { readonly high: Int32Array; readonly low: Int32Array } | undefined;
  #free = NONE;
  #used = 0;

  constructor(copied?: JobRecords) {
    const column = (of: (records: JobRecords) => Int32Array): Int32Array =>
      copied === undefined ? new Int32Array(FIRST_CAPACITY) : of(copied).slice();
    this.high = column((r) => r.high);
    this.low = column((r) => r.low);
    this.key = column((r) => r.key);
    this.owner = column((r) => r.owner);
    this.group = column((r) => r.group);
    this.row = column((r) => r.row);
    this.next = column((r) => r.next);
    this.twin = column((r) => r.twin);
    this.identities = new IdentityTable(this, copied?.identities);
    if (copied === undefined) return;
    this.#portable = copied.#portable && {
      high: copied.#portable.high.slice(),
      low: copied.#portable.low.slice(),
    };
    this.#free = copied.#free;
    this.#used = copied.#used;
  }

  /** So many slots have ever been used; those that are free again are shadowed. */
  get used(): number {
    return this.#used;
  }

  /** Where portable identities are kept; they are made with the first question. */
  portableColumns(): { readonly high: Int32Array; readonly low: Int32Array } {
    const capacity = this.high.length;
    return (this.#portable ??= { high: new Int32Array(capacity), low: new Int32Array(capacity) });
  }

  /** A slot without twins that belongs to no list yet. */
  allocate(): number {
    let slot = this.#free;
    if (slot === NONE) {
      slot = this.#used++;
      if (slot === this.high.length) this.#grow();
    } else {
      this.#free = this.next[slot] ?? NONE;
    }
    this.next[slot] = NONE;
    this.twin[slot] = slot;
    this.owner[slot] = UNASSIGNED;
    if (this.#portable !== undefined) {
      this.#portable.high[slot] = 0;
      this.#portable.low[slot] = 0;
    }
    return slot;
  }

  free(slot: number): void {
    this.next[slot] = this.#free;
    this.#free = slot;
  }

  /** Adds a slot to the ring of another one. */
  joinTwins(slot: number, ring: number): void {
    this.twin[slot] = this.twin[ring] ?? ring;
    this.twin[ring] = slot;
  }

  /** Takes a slot out of its ring. */
  leaveTwins(slot: number): void {
    let before = slot;
    while (this.twin[before] !== slot) before = this.twin[before] ?? slot;
    this.twin[before] = this.twin[slot] ?? before;
    this.twin[slot] = slot;
  }

  #grow(): void {
    const capacity = Math.max(FIRST_CAPACITY, Math.ceil(this.high.length * 1.5));
    this.high = largerColumn(this.high, capacity);
    this.low = largerColumn(this.low, capacity);
    this.key = largerColumn(this.key, capacity);
    this.owner = largerColumn(this.owner, capacity);
    this.group = largerColumn(this.group, capacity);
    this.row = largerColumn(this.row, capacity);
    this.next = largerColumn(this.next, capacity);
    this.twin = largerColumn(this.twin, capacity);
    this.#portable = this.#portable && {
      high: largerColumn(this.#portable.high, capacity),
      low: largerColumn(this.#portable.low, capacity),
    };
  }
}
