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
 * collector, the others go, and new ones wait in `job.pending` to be placed.
 *
 * @returns The group's new state, not yet committed; `undefined`: the job keeps nothing of it.
 */
export function* replaceGroup(
  change: StagedChange,
  staging: Staging,
  context: AllocationContext,
): Generator<void, JobGroup | undefined> {
  const { job, built, former } = change;
  yield* retireOthers(change, staging, context);
  job.remaining += staging.kept - (former?.kept ?? 0);
  if (staging.distinct === 0) return undefined;
  const group = job.groups.reserve(built.group);
  group.kept = staging.kept;
  group.slots = staging.distinct;
  const list = new SlotList(change, staging, context, group);
  for (let at = 0; at < staging.count; at++) {
    if ((staging.row[at] ?? 0) >= 0) list.append(at);
    if (at % TARGETS_PER_SLICE === TARGETS_PER_SLICE - 1) yield;
  }
  return group;
}

/** Lets the slots of the former state go that no staged target claims. */
function* retireOthers(
  change: StagedChange,
  staging: Staging,
  context: AllocationContext,
): Generator<void, void> {
  const { job, former } = change;
  let ordinal = 0;
  for (let slot = former?.head ?? NONE; slot !== NONE;) {
    const next = job.records.next[slot] ?? NONE;
    const at = claim(change, staging, slot);
    if (at === NONE) job.retire(slot, context);
    else staging.ordinal[at] = ordinal;
    slot = next;
    if (++ordinal % TARGETS_PER_SLICE === 0) yield;
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

/** Links the slots of a group's new state in the order of its rows. */
class SlotList {
  readonly #change: StagedChange;
  readonly #staging: Staging;
  readonly #context: AllocationContext;
  readonly #group: JobGroup;
  #tail = NONE;
  #highestOrdinal = -1;

  constructor(change: StagedChange, staging: Staging, context: AllocationContext, group: JobGroup) {
    this.#change = change;
    this.#staging = staging;
    this.#context = context;
    this.#group = group;
  }

  append(at: number): void {
    const claimed = this.#staging.slot[at] ?? NONE;
    const slot = claimed === NONE ? this.#admit(at) : claimed;
    if (claimed !== NONE) this.#keep(at, slot);
    const { next } = this.#change.job.records;
    next[slot] = NONE;
    if (this.#tail === NONE) this.#group.head = slot;
    else next[this.#tail] = slot;
    this.#tail = slot;
  }

  #admit(at: number): number {
    const { high, low, key, row } = this.#staging;
    const target = {
      group: this.#group,
      row: row[at] ?? 0,
      high: high[at] ?? 0,
      low: low[at] ?? 0,
      key: key[at] ?? 0,
    };
    return this.#change.job.admit(target, this.#context);
  }

  #keep(at: number, slot: number): void {
    const { job } = this.#change;
    const { records } = job;
    records.group[slot] = this.#group.id;
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

/** Chooses the collectors of the targets that wait for it. */
export function* placePending(
  job: JobAllocation,
  context: AllocationContext,
): Generator<void, void> {
  const { pending } = job;
  for (let i = 0; i < pending.length; i++) {
    job.place(pending[i] ?? NONE, context);
    if (i % TARGETS_PER_SLICE === TARGETS_PER_SLICE - 1) yield;
  }
  pending.length = 0;
}
