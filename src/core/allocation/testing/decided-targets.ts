import { AssignmentDigest } from '../assignment-digest.js';
import type { Decisions, OwnedTargets, OwnersView } from '../decisions.js';
import type { AllocationEngine } from '../engine.js';

/** Gives what work that may be interrupted comes to, without interrupting it. */
export function resultOf<T>(work: Iterator<void, T>): T {
  for (;;) {
    const step = work.next();
    if (step.done === true) return step.value;
  }
}

/** The decisions of an allocation, read again where it has changed since, as one replica hands them to another. */
export class CopiedDecisions implements Decisions {
  readonly #source: OwnersView;
  readonly #jobs = new Map<string, Map<string, string>>();
  #generation = 0;

  constructor(source: OwnersView) {
    this.#source = source;
  }

  collectorOf(job: string, high: number, low: number): string | undefined {
    return this.#jobs.get(job)?.get(`${high} ${low}`);
  }

  /** @returns The jobs that have changed. */
  update(): readonly string[] {
    const source = this.#source;
    const gone = [...this.#jobs.keys()].filter((job) => source.job(job) === undefined);
    for (const job of gone) this.#jobs.delete(job);
    const changed = source.changedJobs(this.#generation);
    for (const job of changed) {
      const owned = resultOf(source.owners(job, source.versions(job).keys()));
      this.#jobs.set(job, new Map(owned.flatMap(entriesOf)));
    }
    this.#generation = source.generation;
    return [...gone, ...changed];
  }
}

function entriesOf({ high, low, collector }: OwnedTargets): [string, string][] {
  return Array.from(high, (upper, i) => [`${upper} ${low[i] ?? 0}`, collector]);
}

/** What an allocation has decided until now. */
export function decisionsOf(source: OwnersView): CopiedDecisions {
  const decisions = new CopiedDecisions(source);
  decisions.update();
  return decisions;
}

/** Who has which target, by job and `target_hash`. */
export function assignmentOf(engine: AllocationEngine): ReadonlyMap<string, string | undefined> {
  return new Map(
    [...engine.targets({})].map((t) => [JSON.stringify([t.job, t.hash]), t.collector]),
  );
}

/** The digest as somebody says who sees the allocation for the first time. */
export const digestOf = (view: OwnersView): number =>
  resultOf(new AssignmentDigest().refresh(view));
