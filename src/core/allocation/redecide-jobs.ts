import type { AllocationState } from './allocation-state.js';
import type { JobAllocation } from './job-allocation.js';
import { NONE, SHADOWED, UNASSIGNED } from './job-records.js';
import { placePending, placeSome, TARGETS_PER_SLICE } from './replace-group.js';

/** Reading an identity for the first time filters the target, so these are fewer than those of other passes. */
const TARGETS_PER_STEP = 64;

/** Brings jobs in line with what guides the allocation now. The targets of each job move in one visible step. */
export function* redecideJobs(
  jobs: Iterable<string>,
  state: AllocationState,
): Generator<void, void> {
  for (const name of jobs) {
    const job = state.job(name);
    if (job !== undefined) yield* redecideJob(job, state);
    yield;
  }
}

function* redecideJob(job: JobAllocation, state: AllocationState): Generator<void, void> {
  const slots = yield* slotsToPlace(job, state);
  if (slots.length === 0) return;
  const isDraft = slots.length >= TARGETS_PER_SLICE;
  const changed = isDraft ? job.draft() : job;
  const context = isDraft ? state.contextFor(changed) : state.context;
  for (const slot of slots) changed.pending.push(slot);
  if (placeSome(changed, context)) yield* placePending(changed, context);
  if (isDraft) state.commitJob(changed, context);
  else state.changed(changed);
}

/** In the order of groups and rows, so that it is the same in every process. */
function* slotsToPlace(job: JobAllocation, state: AllocationState): Generator<void, number[]> {
  const slots: number[] = [];
  if (isSettled(job, state)) return slots;
  const { next } = job.records;
  let seen = 0;
  for (const { current } of job.groups.ordered()) {
    for (let slot = current?.head ?? NONE; slot !== NONE; slot = next[slot] ?? NONE) {
      if (mayMove(job, slot, state)) slots.push(slot);
      if (++seen % TARGETS_PER_STEP === 0) yield;
    }
  }
  return slots;
}

/** No target of the job needs to be looked at. */
function isSettled({ unassigned }: JobAllocation, { placement, guide }: AllocationState): boolean {
  if (placement.collectors.length === 0) return true;
  return guide?.isFollowed !== true && placement.isSticky && unassigned === 0;
}

function mayMove(job: JobAllocation, slot: number, { placement, guide }: AllocationState): boolean {
  const owner = job.records.owner[slot] ?? SHADOWED;
  if (owner === SHADOWED) return false;
  if (guide?.isFollowed === true) return guide.ownerOf(job, slot, placement) !== owner;
  return owner === UNASSIGNED || !placement.isSticky;
}
