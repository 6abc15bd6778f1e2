import type { AllocationState } from './allocation-state.js';
import { NOBODY, type OwnedTargets } from './decisions.js';
import type { JobAllocation } from './job-allocation.js';
import { UNASSIGNED } from './job-records.js';

/** Reading an identity for the first time filters the target. */
const TARGETS_PER_STEP = 64;
/** Passing over the targets of others costs next to nothing. */
const SLOTS_PER_STEP = 4096;

/** The targets of a job that these collectors have, as {@link OwnersView.owners} tells it. */
export function* ownedTargets(
  name: string,
  collectors: readonly string[],
  state: AllocationState,
): Generator<void, readonly OwnedTargets[]> {
  for (;;) {
    const job = state.job(name);
    if (job === undefined) return collectors.map((collector) => noTargets(name, collector));
    const owned = yield* readOwned(job, collectors, state);
    if (owned !== undefined) return owned;
  }
}

/** One pass over a job; `undefined`: the job has changed during it. */
function* readOwned(
  job: JobAllocation,
  collectors: readonly string[],
  state: AllocationState,
): Generator<void, readonly OwnedTargets[] | undefined> {
  const { changedAt, records } = job;
  const lists = new Map<number, OpenList>();
  const owned = collectors.map((collector) => {
    const isNobody = collector === NOBODY;
    const index = isNobody ? UNASSIGNED : state.placement.indexOf(collector);
    // Who has no collector has no version of its own: it changes with the job.
    const part = isNobody ? { targets: job.unassigned, version: changedAt } : job.parts.get(index);
    if (part === undefined) return noTargets(job.name, collector);
    const list = lists.get(index) ?? new OpenList(part.targets);
    lists.set(index, list);
    const { high, low } = list;
    return { job: job.name, collector, version: part.version, high, low };
  });
  if (lists.size === 0) return owned;
  let read = 0;
  for (let slot = 0; slot < records.used; slot++) {
    const list = lists.get(records.owner[slot] ?? 0);
    if (list !== undefined) {
      state.identities.read(job, slot);
      list.add(state.identities.high, state.identities.low);
      read++;
    }
    if ((list === undefined || read % TARGETS_PER_STEP !== 0) && slot % SLOTS_PER_STEP !== 0)
      continue;
    yield;
    if (state.job(job.name) !== job || job.changedAt !== changedAt) return undefined;
  }
  return owned;
}

/** A collector's targets while they are gathered. */
class OpenList {
  readonly high: Int32Array;
  readonly low: Int32Array;
  #length = 0;

  constructor(targets: number) {
    this.high = new Int32Array(targets);
    this.low = new Int32Array(targets);
  }

  add(high: number, low: number): void {
    this.high[this.#length] = high;
    this.low[this.#length++] = low;
  }
}

function noTargets(job: string, collector: string): OwnedTargets {
  return { job, collector, version: 0, high: new Int32Array(), low: new Int32Array() };
}
