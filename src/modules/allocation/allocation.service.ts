import { Inject, Injectable } from '@nestjs/common';
import type { AllocationView } from '../../core/allocation/allocation-view.js';
import type { Collector } from '../../core/allocation/collector.js';
import { AllocationEngine } from '../../core/allocation/engine.js';
import type { ScrapeConfig } from '../../core/scrape-config/model.js';
import type { TargetGroup } from '../../core/target/target-group.js';
import type { Clock, TargetFilter } from '../../plugin-api/index.js';
import { CLOCK } from '../telemetry/index.js';
import { AllocationMetrics } from './allocation-metrics.js';
import { engineJobs } from './engine-job.js';
import { runInSlices } from './run-in-slices.js';
import { TARGET_FILTER } from './target-filter.provider.js';

/** What jobs there are, and where the targets of each come from. */
export interface JobSources {
  readonly providers: ReadonlyMap<string, readonly string[]>;
  readonly configs: ReadonlyMap<string, ScrapeConfig>;
}

/** Holds the allocation, and brings changes to it without keeping the event loop. Its methods must not overlap. */
@Injectable()
export class AllocationService {
  #providersOfJobs: JobSources['providers'] = new Map();

  constructor(
    private readonly engine: AllocationEngine,
    private readonly metrics: AllocationMetrics,
    @Inject(TARGET_FILTER) private readonly filter: TargetFilter | undefined,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {
    metrics.observe(engine);
  }

  /** The allocation as it is now. */
  get view(): AllocationView {
    return this.engine;
  }

  /** @returns What it took, in milliseconds. */
  async setCollectors(collectors: readonly Collector[]): Promise<number> {
    const workMs = await this.#run(this.engine.setCollectors(collectors));
    this.metrics.allocated('SetCollectors', workMs);
    return workMs;
  }

  /** Applies changed groups of one provider; those of a provider without jobs are kept until a job uses it. */
  async applyGroups(provider: string, groups: readonly TargetGroup[]): Promise<number> {
    const workMs = await this.#run(this.engine.applyGroups(provider, groups));
    this.metrics.allocated('SetTargets', workMs);
    for (const [job, providers] of this.#providersOfJobs) {
      if (providers.includes(provider)) this.metrics.processedGroups(job, workMs);
    }
    return workMs;
  }

  /** Takes the present jobs. Providers that no job uses any more are gone with their groups. */
  async setJobs(sources: JobSources): Promise<number> {
    const former = this.#providersOfJobs;
    this.#providersOfJobs = sources.providers;
    const jobs = engineJobs(sources.providers, sources.configs, this.filter);
    let workMs = await this.#run(this.engine.setJobs(jobs));
    for (const provider of unused(former, sources.providers)) {
      workMs += await this.#run(this.engine.removeProvider(provider));
    }
    for (const job of sources.providers.keys()) {
      if (!former.has(job)) this.metrics.processedGroups(job, workMs);
    }
    for (const job of former.keys()) {
      if (!sources.providers.has(job)) this.metrics.forgetJob(job);
    }
    return workMs;
  }

  #run(work: Iterator<void, void>): Promise<number> {
    return runInSlices(work, () => this.clock.monotonicMs());
  }
}

function unused(former: JobSources['providers'], present: JobSources['providers']): Set<string> {
  const left = new Set([...former.values()].flat());
  for (const provider of [...present.values()].flat()) left.delete(provider);
  return left;
}
