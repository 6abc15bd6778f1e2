import type { AllocationContext, JobAllocation } from './job-allocation.js';
import type { JobGroup } from './job-groups.js';
import { NONE, SHADOWED } from './job-records.js';
import type { StagedChange, Staging } from './staging.js';

/** A change of fewer targets than this is made at once; a larger one is made on a draft of the job, in slices. */
export const TARGETS_PER_SLICE = 512;

/** Whether a change must not be made on the job that is served, because it takes several slices. */
export function needsDraft(staging: Staging, former: JobGroup | undefined): boolean {
  return staging.count + (former?.slots ?? 0) >= TARGETS_PER_SLICE;
}

/**
 * Puts the staged targets in the place of what the job has of the group: those that are the same keep their slot and their
 * collector, the others go, and new ones wait in `job.pending` to be placed. It goes in steps, and is no generator because
 * most groups are so small that making one would cost more than the step.
 */
export class GroupReplacement {
  readonly #change: StagedChange;
  readonly #staging: Staging;
  readonly #context: AllocationContext;
  #group: JobGroup | undefined;
  /** The next slot of the former state. */
  #former: number;
  #formerSeen = 0;
  /** The next staged target. */
  #at = 0;
  #tail = NONE;
  #highestOrdinal = -1;

  constructor(change: StagedChange, staging: Staging, context: AllocationContext) {
    this.#change = change;
    this.#staging = staging;
    this.#context = context;
    this.#former = change.former?.head ?? NONE;
  }

  /** The group's new state, not yet committed; `undefined`: the job keeps nothing of it. */
  get group(): JobGroup | undefined {
    return this.#group;
  }

  /** @returns Whether there is more to do. */
  advance(): boolean {
    if (this.#former !== NONE) {
      this.#retireSome();
      if (this.#former !== NONE) return true;
    }
    if (this.#at === 0 && !this.#begin()) return false;
    const end = Math.min(this.#at + TARGETS_PER_SLICE, this.#staging.count);
    for (; this.#at < end; this.#at++) {
      if ((this.#staging.row[this.#at] ?? 0) >= 0) this.#append(this.#at);
    }
    return end < this.#staging.count;
  }

  /** Lets the slots of the former state go that no staged target claims. */
  #retireSome(): void {
    const { job } = this.#change;
    const { next } = job.records;
    const end = this.#formerSeen + TARGETS_PER_SLICE;
    for (; this.#former !== NONE && this.#formerSeen < end; this.#formerSeen++) {
      const slot = this.#former;
      this.#former = next[slot] ?? NONE;
      const at = claim(this.#change, this.#staging, slot);
      if (at === NONE) job.retire(slot, this.#context);
      else this.#staging.ordinal[at] = this.#formerSeen;
    }
  }

  /** @returns Whether the job keeps anything of the group. */
  #begin(): boolean {
    const { job, built, former } = this.#change;
    const { kept, distinct } = this.#staging;
    job.remaining += kept - (former?.kept ?? 0);
    if (distinct === 0) return false;
    this.#group = job.groups.reserve(built.group);
    this.#group.kept = kept;
    this.#group.slots = distinct;
    return true;
  }

  /** Links the slot of a staged target behind that of the one before. */
  #append(at: number): void {
    const group = this.#group;
    if (group === undefined) return;
    const claimed = this.#staging.slot[at] ?? NONE;
    const slot = claimed === NONE ? this.#admit(at, group) : claimed;
    if (claimed !== NONE) this.#keep(at, slot, group);
    const { next } = this.#change.job.records;
    next[slot] = NONE;
    if (this.#tail === NONE) group.head = slot;
    else next[this.#tail] = slot;
    this.#tail = slot;
  }

  #admit(at: number, group: JobGroup): number {
    const { high, low, key, row } = this.#staging;
    const target = {
      group,
      row: row[at] ?? 0,
      high: high[at] ?? 0,
      low: low[at] ?? 0,
      key: key[at] ?? 0,
    };
    return this.#change.job.admit(target, this.#context);
  }

  #keep(at: number, slot: number, group: JobGroup): void {
    const { job } = this.#change;
    const { records } = job;
    records.group[slot] = group.id;
    records.row[slot] = this.#staging.row[at] ?? 0;
    records.key[slot] = this.#staging.key[at] ?? 0;
    const ordinal = this.#staging.ordinal[at] ?? 0;
    if (this.#staging.known[at] !== slot) job.refresh(slot, this.#context);
    else if (ordinal < this.#highestOrdinal) {
      // Only the order of the group's targets has changed, and with it that of the answer.
      job.touch(records.owner[slot] ?? SHADOWED, this.#context);
    }
    this.#highestOrdinal = Math.max(this.#highestOrdinal, ordinal);
  }
}

/** Hands a slot of the former state to the staged target that is the same one; {@link NONE}: there is none. */
function claim({ job, built, former }: StagedChange, staging: Staging, slot: number): number {
  const { high, low, row } = job.records;
  const at = staging.claim(high[slot] ?? 0, low[slot] ?? 0, slot);
  if (at === NONE || staging.known[at] === slot) return at;
  const newRow = staging.row[at] ?? 0;
  if (former && job.runner.isSame(former.stored, row[slot] ?? 0, built.group, newRow)) return at;
  staging.slot[at] = NONE;
  return NONE;
}

/** Chooses the collectors of the targets that wait for it. */
export function* placePending(
  job: JobAllocation,
  context: AllocationContext,
): Generator<void, void> {
  while (placeSome(job, context)) yield;
}

/**
 * Chooses the collectors of as many of these targets as one slice takes, which are all of a change that needs no draft.
 *
 * @returns Whether there are more.
 */
export function placeSome(job: JobAllocation, context: AllocationContext): boolean {
  const { pending } = job;
  const end = Math.min(job.placed + TARGETS_PER_SLICE, pending.length);
  for (let i = job.placed; i < end; i++) job.place(pending[i] ?? NONE, context);
  job.placed = end;
  if (end < pending.length) return true;
  pending.length = 0;
  job.placed = 0;
  return false;
}
