import { Inject, Injectable } from '@nestjs/common';
import type { AllocationView } from '../../../core/allocation/allocation-view.js';
import { ConfigService } from '../../config/index.js';
import { ReadinessService, type SourceReadiness } from '../../health/index.js';
import { Answers } from '../answers.js';
import { APP_VERSION } from '../http.tokens.js';

/** How the allocator is, in one answer. `null`: none. Described by `statusSchema`. */
export interface Status {
  readonly version: string;
  readonly uptime_seconds: number;
  readonly ready: boolean;
  readonly not_ready_reason: string | null;
  readonly unknown_reason: string | null;
  /** When the answers were right that are given for what is not known yet, in RFC 3339. */
  readonly stale_as_of: string | null;
  readonly generation: number;
  readonly strategy: string;
  readonly fallback_strategy: string | null;
  readonly collectors: number;
  /** Jobs that have targets. */
  readonly jobs: number;
  readonly targets: number;
  readonly sources: readonly SourceReadiness[];
  readonly jobs_held_back: readonly { readonly job: string; readonly reason: string }[];
  readonly unassigned: readonly UnassignedCount[];
}

export interface UnassignedCount {
  readonly reason: string;
  readonly targets: number;
}

@Injectable()
export class StatusService {
  #unassigned: { readonly generation: number; readonly counts: readonly UnassignedCount[] } = {
    generation: -1,
    counts: [],
  };

  constructor(
    private readonly answers: Answers,
    private readonly readiness: ReadinessService,
    private readonly config: ConfigService,
    @Inject(APP_VERSION) private readonly version: string,
  ) {}

  status(): Status {
    const { state, staleAsOf } = this.answers;
    const { view, scrapeConfigs } = state;
    const { ready, reason, sources } = this.readiness.check();
    const { allocationStrategy, allocationFallbackStrategy } = this.config.current;
    const jobs = view.jobs().filter((job) => job.targets > 0);
    return {
      version: this.version,
      uptime_seconds: this.readiness.uptimeMs() / 1000,
      ready,
      not_ready_reason: reason ?? null,
      unknown_reason: state.whyUnknown() ?? null,
      stale_as_of: staleAsOf ?? null,
      generation: view.generation,
      strategy: allocationStrategy,
      fallback_strategy: allocationFallbackStrategy ?? null,
      collectors: view.collectors.length,
      jobs: jobs.length,
      targets: jobs.reduce((total, job) => total + job.targets, 0),
      sources,
      jobs_held_back: Array.from(scrapeConfigs?.heldBack ?? [], ([job, why]) => ({
        job,
        reason: why,
      })),
      unassigned: this.#unassignedOf(view),
    };
  }

  /** Counted once for each generation: it looks at every unassigned target. */
  #unassignedOf(view: AllocationView): readonly UnassignedCount[] {
    if (this.#unassigned.generation !== view.generation) {
      this.#unassigned = { generation: view.generation, counts: countUnassigned(view) };
    }
    return this.#unassigned.counts;
  }
}

function countUnassigned(view: AllocationView): readonly UnassignedCount[] {
  const counts = new Map<string, number>();
  for (const { reason = 'unknown' } of view.targets({ collector: null })) {
    counts.set(reason, (counts.get(reason) ?? 0) + 1);
  }
  return Array.from(counts, ([reason, targets]) => ({ reason, targets }));
}
