import { largerColumn } from './larger-column.js';
import type { FilterRunner } from '../target/filter-runner.js';
import type { BuiltGroup } from '../target/group-builder.js';
import { addressOf, type Block, type StoredGroup } from '../target/stored-group.js';
import { IdentityTable, type IdentityColumns } from './identity-table.js';
import type { JobAllocation } from './job-allocation.js';
import type { JobGroup } from './job-groups.js';
import { NONE } from './job-records.js';
import type { Placement } from './placement.js';
import { messageOf, type PolicyErrors } from './policy-errors.js';

/** What a job makes of a changed group. */
export interface StagedChange {
  readonly job: JobAllocation;
  readonly built: BuiltGroup;
  /** What the job had of the group. */
  readonly former: JobGroup | undefined;
}

const ROWS_PER_STEP = 64;

/** In place of a slot: nothing is known of the row. */
const UNKNOWN = -2;
/** Names a row that a later equal one of its group has replaced. */
const REPLACED = -1;

/**
 * The targets that a job keeps of a group's new state, before they touch the job. One instance is used again for each
 * change, so that small changes allocate nothing.
 */
export class Staging implements IdentityColumns {
  high = new Int32Array(16);
  low = new Int32Array(16);
  key = new Int32Array(16);
  /** The row in the group, or {@link REPLACED}. */
  row = new Int32Array(16);
  /** The job's slot of this target, or {@link NONE} for a new one. */
  slot = new Int32Array(16);
  /** Where the slot stood in the former state's order. */
  ordinal = new Int32Array(16);
  /** The slot of a row whose labels are exactly those that it had before; {@link NONE} for others. */
  known = new Int32Array(16);
  count = 0;
  /** Targets kept, equal ones counted each. */
  kept = 0;
  /** Distinct targets kept. */
  distinct = 0;
  readonly #identities = new IdentityTable(this);
  #placement: Placement | undefined;
  #past: FormerRows | undefined;
  #nextRow = 0;
  /** The block of the next row. */
  #block = 0;
  readonly #errors: PolicyErrors;

  constructor(errors: PolicyErrors) {
    this.#errors = errors;
  }

  /** Begins with a change, whose rows {@link fillSome} then takes in. */
  start(change: StagedChange, placement: Placement): void {
    this.#identities.clear(change.built.group.rows);
    this.count = 0;
    this.kept = 0;
    this.distinct = 0;
    this.#nextRow = 0;
    this.#block = 0;
    this.#placement = placement;
    this.#past = change.built.origins === undefined ? undefined : new FormerRows(change);
  }

  /**
   * Filters the group's next rows. A row whose labels are those of a former one is not filtered again.
   *
   * @returns Whether there are more.
   */
  fillSome(change: StagedChange): boolean {
    const { blocks, rows } = change.built.group;
    const end = Math.min(this.#nextRow + ROWS_PER_STEP, rows);
    for (let row = this.#nextRow; row < end;) {
      const block = blocks[this.#block];
      if (block === undefined) break;
      const last = Math.min(end, block.first + block.rows);
      for (; row < last; row++) this.#take(change, block, row);
      if (row === block.first + block.rows) this.#block++;
    }
    this.#nextRow = end;
    return end < rows;
  }

  #take(change: StagedChange, block: Block, row: number): void {
    const slot = this.#past === undefined ? UNKNOWN : this.#past.slotOf(row);
    if (slot === UNKNOWN) this.#filter(change, block, row);
    else if (slot !== NONE) this.#addKnown(change, row, slot);
  }

  /** Finds a staged target of this identity that has no slot yet and is not known to have another, and gives it this. */
  claim(high: number, low: number, slot: number): number {
    let at = this.#identities.find(high, low);
    while (at >= 0 && !this.#isFor(at, slot)) at = this.#identities.findNext(at);
    if (at >= 0) this.slot[at] = slot;
    return at;
  }

  #isFor(at: number, slot: number): boolean {
    const known = this.known[at] ?? NONE;
    return this.slot[at] === NONE && (known === NONE || known === slot);
  }

  #addKnown({ job, built }: StagedChange, row: number, slot: number): void {
    const { high, low, key } = job.records;
    const at = this.#next();
    this.high[at] = high[slot] ?? 0;
    this.low[at] = low[slot] ?? 0;
    this.key[at] = key[slot] ?? 0;
    this.known[at] = slot;
    this.#add(at, row, job.runner, built.group);
  }

  #filter({ job, built }: StagedChange, block: Block, row: number): void {
    const { runner } = job;
    try {
      if (!runner.run(built.group, block, row)) return;
    } catch (error) {
      this.#errors.add('filter', job.name, messageOf(error));
      return;
    }
    const at = this.#next();
    this.high[at] = runner.high;
    this.low[at] = runner.low;
    this.known[at] = NONE;
    this.key[at] = this.#placement?.keyOf(job.name, addressOf(block, row)) ?? 0;
    this.#add(at, row, runner, built.group);
  }

  /** Of equal targets of one group the last one counts, as in the Go allocator. */
  #add(at: number, row: number, runner: FilterRunner, group: StoredGroup): void {
    this.row[at] = row;
    this.slot[at] = NONE;
    this.kept++;
    this.distinct++;
    const { high, low } = this;
    let equal = this.#identities.find(high[at] ?? 0, low[at] ?? 0);
    while (equal >= 0 && !runner.isSame(group, this.row[equal] ?? 0, group, row)) {
      equal = this.#identities.findNext(equal);
    }
    if (equal < 0) {
      this.#identities.insert(at);
      return;
    }
    this.#identities.replace(equal, at);
    this.row[equal] = REPLACED;
    this.distinct--;
  }

  #next(): number {
    if (this.count === this.high.length) this.#grow();
    return this.count++;
  }

  #grow(): void {
    const capacity = this.high.length * 2;
    this.high = largerColumn(this.high, capacity);
    this.low = largerColumn(this.low, capacity);
    this.key = largerColumn(this.key, capacity);
    this.row = largerColumn(this.row, capacity);
    this.slot = largerColumn(this.slot, capacity);
    this.ordinal = largerColumn(this.ordinal, capacity);
    this.known = largerColumn(this.known, capacity);
  }
}

/** What the job made of those rows of a group's former state that are still there. */
class FormerRows {
  readonly #origins: Int32Array | undefined;
  readonly #slots: Int32Array | undefined;
  /** What a row without a slot is: dropped, or hidden by an equal row that may have changed. */
  readonly #withoutSlot: number;

  constructor({ job, built, former }: StagedChange) {
    this.#origins = built.origins;
    this.#withoutSlot = former !== undefined && former.slots < former.kept ? UNKNOWN : NONE;
    if (former === undefined || built.origins === undefined) return;
    const { next, row } = job.records;
    this.#slots = new Int32Array(former.stored.rows).fill(this.#withoutSlot);
    for (let slot = former.head; slot !== NONE; slot = next[slot] ?? NONE) {
      this.#slots[row[slot] ?? 0] = slot;
    }
  }

  /** The slot that a row of the new state had; {@link NONE}: it was dropped; {@link UNKNOWN}: it must be filtered. */
  slotOf(row: number): number {
    const origin = this.#origins?.[row] ?? -1;
    if (origin < 0) return UNKNOWN;
    return this.#slots?.[origin] ?? this.#withoutSlot;
  }
}
