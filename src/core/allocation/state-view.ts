import type { AllocationView, JobSummary, TargetQuery, TargetView } from './allocation-view.js';
import type { AllocationState } from './allocation-state.js';
import { BodyWriter } from './body-writer.js';
import type { Collector } from './collector.js';
import type { JobAllocation } from './job-allocation.js';
import { listTargets } from './target-list.js';

const EMPTY_BODY = new TextEncoder().encode('[]');

/** Reads the allocation that is served. */
export class StateView implements AllocationView {
  readonly #state: AllocationState;
  readonly #writer = new BodyWriter();

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

  targetsVersion(job: string, collector: string): number {
    const index = this.#state.placement.indexOf(collector);
    return this.#state.job(job)?.parts.get(index)?.version ?? 0;
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
