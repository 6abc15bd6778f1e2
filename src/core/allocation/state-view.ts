import type { AllocationView, JobSummary, TargetQuery, TargetView } from './allocation-view.js';
import type { AllocationState } from './allocation-state.js';
import { BodyWriter } from './body-writer.js';
import type { Collector } from './collector.js';
import type { OwnedTargets, OwnersView } from './decisions.js';
import type { JobAllocation } from './job-allocation.js';
import { ownedTargets } from './owned-targets.js';
import { listTargets } from './target-list.js';

const EMPTY_BODY = new TextEncoder().encode('[]');

/** Reads the allocation that is served. */
export class StateView implements AllocationView, OwnersView {
  readonly #state: AllocationState;
  readonly #writer = new BodyWriter();
  /** Of its own: answers are written in between. */
  readonly #stepWriter = new BodyWriter();

  constructor(state: AllocationState) {
    this.#state = state;
  }

  get generation(): number {
    return this.#state.generation;
  }

  get collectors(): readonly Collector[] {
    return this.#state.placement.collectors;
  }

  jobs(): readonly JobSummary[] {
    return Array.from(this.#state.jobs.values(), summaryOf);
  }

  job(name: string): JobSummary | undefined {
    const job = this.#state.job(name);
    return job && summaryOf(job);
  }

  targetsPerCollector(collector: string): number {
    return this.#state.loads.targets(collector);
  }

  targetsOfJob(collector: string, job: string): number {
    return this.#state.loads.targetsOfJob(collector, job);
  }

  targetsBody(job: string, collector: string): Uint8Array {
    const { placement, bodies } = this.#state;
    const allocation = this.#state.job(job);
    const index = placement.indexOf(collector);
    const part = allocation?.parts.get(index);
    if (allocation === undefined || part === undefined) return EMPTY_BODY;
    let body = bodies.get(part.version);
    if (body === undefined) {
      body = this.#writer.write(allocation, index);
      bodies.set(part.version, body);
    }
    return body;
  }

  /**
   * As {@link targetsBody}, in steps, so that a large answer that nobody has asked for yet can be had without keeping the
   * event loop. As with everything that changes the allocation: one such generator at a time, each to its end.
   */
  *renderBody(job: string, collector: string): Generator<void, Uint8Array> {
    const { placement, bodies } = this.#state;
    const allocation = this.#state.job(job);
    const index = placement.indexOf(collector);
    const part = allocation?.parts.get(index);
    if (allocation === undefined || part === undefined) return EMPTY_BODY;
    const { version } = part;
    if (bodies.get(version) === undefined) {
      const body = yield* this.#stepWriter.writeInSteps(allocation, index);
      // An answer that was given in between is the one that stays.
      if (bodies.get(version) === undefined) bodies.set(version, body);
    }
    return this.targetsBody(job, collector);
  }

  targetsVersion(job: string, collector: string): number {
    const index = this.#state.placement.indexOf(collector);
    return this.#state.job(job)?.parts.get(index)?.version ?? 0;
  }

  changedJobs(since: number): readonly string[] {
    const changed: string[] = [];
    for (const job of this.#state.jobs.values()) if (job.changedAt > since) changed.push(job.name);
    return changed;
  }

  versions(job: string): ReadonlyMap<string, number> {
    const versions = new Map<string, number>();
    for (const [index, { version }] of this.#state.job(job)?.parts ?? []) {
      const collector = this.collectors[index];
      if (collector !== undefined) versions.set(collector.name, version);
    }
    return versions;
  }

  owners(job: string, collectors: Iterable<string>): Generator<void, readonly OwnedTargets[]> {
    return ownedTargets(job, [...collectors], this.#state);
  }

  *targets(query: TargetQuery): Generator<TargetView, void> {
    for (const job of this.#state.jobs.values()) {
      if (query.job === undefined || query.job === job.name) {
        yield* listTargets(job, query, this.#state);
      }
    }
  }
}

function summaryOf(job: JobAllocation): JobSummary {
  const { name, discovered, remaining, targets, unassigned } = job;
  return { job: name, discovered, remaining, targets, unassigned };
}
