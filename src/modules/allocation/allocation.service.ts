import { Inject, Injectable } from '@nestjs/common';
import { Usage } from '../../core/collections/usage.js';
import type { AllocationView } from '../../core/allocation/allocation-view.js';
import type { Collector } from '../../core/allocation/collector.js';
import type { Decisions, Guidance, OwnersView } from '../../core/allocation/decisions.js';
import { AllocationEngine } from '../../core/allocation/engine.js';
import type { ScrapeConfig } from '../../core/scrape-config/model.js';
import type { TargetGroup } from '../../core/target/target-group.js';
import { type Clock, runInSlices, type TargetFilter } from '../../plugin-api/index.js';
import { CLOCK } from '../telemetry/index.js';
import { AllocationMetrics } from './allocation-metrics.js';
import { engineJobs } from './engine-job.js';
import { TARGET_FILTER } from './target-filter.provider.js';

/** What jobs there are, and where the targets of those that changed come from. */
export interface JobSources {
  /** By job; `undefined`: it is gone. */
  readonly providers: ReadonlyMap<string, readonly string[] | undefined>;
  readonly configs: ReadonlyMap<string, ScrapeConfig>;
}

/** Holds the allocation, and brings changes to it without keeping the event loop. Its methods must not overlap. */
@Injectable()
export class AllocationService {
  readonly #usage = new Usage<string>();
  #guidance: Guidance | undefined;
  #remembered: Decisions | undefined;

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

  /** Who has which target now, as other processes can use it. */
  get owners(): OwnersView {
    return this.engine;
  }

  /** {@link AllocationView.targetsBody} in steps, see {@link AllocationEngine.renderBody}: for work in turn with changes. */
  renderBody(job: string, collector: string): Generator<void, Uint8Array> {
    return this.engine.renderBody(job, collector);
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
    for (const job of this.#usage.usersOf(provider)) this.metrics.processedGroups(job, workMs);
    return workMs;
  }

  /** Takes changed jobs. Providers that no job uses any more are gone with their groups. */
  async changeJobs({ providers, configs }: JobSources): Promise<number> {
    const added = await runInSlices(this.#use(providers), this.clock);
    const jobs = await runInSlices(engineJobs(providers, configs, this.filter), this.clock);
    const present = new Set(jobs.map(({ name }) => name));
    const gone = [...providers.keys()].filter((job) => !present.has(job));
    let workMs = await this.#run(this.engine.changeJobs(jobs, gone));
    for (const provider of this.#usage.takeUnused()) {
      workMs += await this.#run(this.engine.removeProvider(provider));
    }
    for (const [job, ofJob] of providers) if (ofJob === undefined) this.metrics.forgetJob(job);
    await runInSlices(this.#tell(added, workMs), this.clock);
    return workMs;
  }

  /**
   * Has decisions guide the allocation from now on; `undefined`: it decides itself, but for what it {@link remember}s. See
   * {@link AllocationEngine.guide}.
   */
  guide(guidance: Guidance | undefined): Promise<number> {
    this.#guidance = guidance;
    return this.#run(this.engine.guide(guidance ?? rememberedIn(this.#remembered)));
  }

  /** What an earlier life has decided counts whenever nothing else guides the allocation. */
  remember(decisions: Decisions): Promise<number> {
    this.#remembered = decisions;
    return this.guide(this.#guidance);
  }

  /** What an earlier life has decided; `undefined`: that is not known. */
  get remembered(): Decisions | undefined {
    return this.#remembered;
  }

  /** The decisions that guide the allocation have changed for these jobs. */
  redecide(jobs: Iterable<string>): Promise<number> {
    return this.#run(this.engine.redecide(jobs));
  }

  /** @returns The jobs that there were not before. */
  *#use(providers: JobSources['providers']): Generator<void, readonly string[]> {
    const added: string[] = [];
    for (const [job, ofJob] of providers) {
      if (ofJob !== undefined && !this.#usage.has(job)) added.push(job);
      this.#usage.set(job, ofJob);
      yield;
    }
    return added;
  }

  *#tell(added: readonly string[], workMs: number): Generator<void, void> {
    for (const job of added) {
      this.metrics.processedGroups(job, workMs);
      yield;
    }
  }

  async #run(work: Iterator<void, void>): Promise<number> {
    let workMs = 0;
    await runInSlices(work, this.clock, undefined, (ms) => {
      workMs += ms;
    });
    return workMs;
  }
}

function rememberedIn(decisions: Decisions | undefined): Guidance | undefined {
  return decisions && { kind: 'remembered', decisions };
}
