import { Inject, Injectable, type OnModuleDestroy } from '@nestjs/common';
import type { TargetGroup } from '../../core/target/target-group.js';
import type { Clock, Collector, Logger } from '../../plugin-api/index.js';
import { AllocationService } from '../allocation/index.js';
import type { DiscoverySink } from '../discovery/index.js';
import { messageOf } from '../plugins/index.js';
import { CLOCK, LOGGER } from '../telemetry/index.js';
import { ScrapeConfigStore } from '../watchers/index.js';
import { delayBeforeNextBatch, type Pace } from './pace.js';
import { type Batch, PendingChanges } from './pending-changes.js';

/**
 * Brings changes to the allocation: gathers them, waits as {@link delayBeforeNextBatch} says, and has them applied one
 * batch after the other.
 */
@Injectable()
export class TargetPipeline implements DiscoverySink, OnModuleDestroy {
  readonly #pending = new PendingChanges();
  readonly #logger: Logger;
  #pace: Pace = { lastEndMs: undefined, lastWorkMs: 0 };
  #cancelTimer: (() => void) | undefined;
  #running: Promise<void> | undefined;
  /** As of the last batch. */
  #jobProviders: ReadonlyMap<string, readonly string[]> = new Map();
  #appliedProviders = new Set<string>();
  #hasCollectors = false;
  #isClosed = false;

  constructor(
    private readonly allocation: AllocationService,
    private readonly scrapeConfigs: ScrapeConfigStore,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(LOGGER) logger: Logger,
  ) {
    this.#logger = logger.child('targets');
  }

  /** The first answer of each of the job's providers has been applied. */
  isApplied(job: string): boolean {
    const providers = this.#jobProviders.get(job);
    return providers?.every((provider) => this.#appliedProviders.has(provider)) ?? false;
  }

  /** A first set of collectors (perhaps none) has been applied. */
  get hasCollectors(): boolean {
    return this.#hasCollectors;
  }

  setCollectors(collectors: readonly Collector[]): void {
    this.#pending.setCollectors(collectors);
    this.#schedule();
  }

  setJobProviders(providers: ReadonlyMap<string, readonly string[]>): void {
    this.#pending.setJobProviders(providers);
    this.#schedule();
  }

  updateGroups(provider: string, groups: readonly TargetGroup[]): void {
    this.#pending.updateGroups(provider, groups);
    this.#schedule();
  }

  async onModuleDestroy(): Promise<void> {
    this.#isClosed = true;
    this.#cancelTimer?.();
    await this.#running;
  }

  #schedule(): void {
    if (this.#isClosed || this.#running !== undefined || this.#cancelTimer !== undefined) return;
    const delayMs = delayBeforeNextBatch(this.#pace, this.clock.monotonicMs());
    this.#cancelTimer = this.clock.after(delayMs, () => {
      this.#cancelTimer = undefined;
      this.#running = this.#runBatch(this.#pending.take());
    });
  }

  async #runBatch(batch: Batch): Promise<void> {
    const startMs = this.clock.monotonicMs();
    let workMs = 0;
    for (const step of this.#steps(batch)) {
      try {
        workMs += await step();
      } catch (error) {
        // The next change of the same thing brings its whole state again.
        this.#logger.error('change could not be applied, the former state stays', {
          error: messageOf(error),
        });
      }
    }
    this.#report(batch, { workMs, startMs });
    this.#pace = { lastEndMs: this.clock.monotonicMs(), lastWorkMs: workMs };
    this.#running = undefined;
    if (!this.#pending.isEmpty) this.#schedule();
  }

  /**
   * Collectors first, so that no target goes to one that is gone. Groups before jobs: a job that moves to another
   * provider finds the groups there, and equal targets keep their collectors.
   */
  *#steps({ collectors, jobProviders, providers }: Batch): Iterable<() => Promise<number>> {
    if (collectors !== undefined) {
      yield async () => {
        const workMs = await this.allocation.setCollectors(collectors);
        this.#hasCollectors = true;
        return workMs;
      };
    }
    for (const { provider, groups } of providers) {
      yield async () => {
        const workMs = await this.allocation.applyGroups(provider, groups);
        this.#appliedProviders.add(provider);
        return workMs;
      };
    }
    const configs = this.scrapeConfigs.current?.configs;
    if (jobProviders !== undefined && configs !== undefined) {
      yield async () => {
        const workMs = await this.allocation.setJobs({ providers: jobProviders, configs });
        const used = new Set([...jobProviders.values()].flat());
        this.#jobProviders = jobProviders;
        this.#appliedProviders = new Set([...this.#appliedProviders].filter((p) => used.has(p)));
        return workMs;
      };
    }
  }

  #report(batch: Batch, { workMs, startMs }: { workMs: number; startMs: number }): void {
    const { view } = this.allocation;
    this.#logger.debug('changes applied', {
      generation: view.generation,
      providers: batch.providers.length,
      groups: batch.providers.reduce((sum, { groups }) => sum + groups.length, 0),
      workMs: Math.round(workMs),
      elapsedMs: Math.round(this.clock.monotonicMs() - startMs),
    });
  }
}
