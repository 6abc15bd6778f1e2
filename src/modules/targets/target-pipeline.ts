import { Inject, Injectable, type OnModuleDestroy } from '@nestjs/common';
import { Usage } from '../../core/collections/usage.js';
import type { TargetGroup } from '../../core/target/target-group.js';
import type { Clock, Collector, Logger } from '../../plugin-api/index.js';
import { AllocationService } from '../allocation/index.js';
import type { DiscoverySink, JobProviderChanges } from '../discovery/index.js';
import { messageOf } from '../plugins/index.js';
import { CLOCK, LOGGER } from '../telemetry/index.js';
import { ScrapeConfigStore } from '../watchers/index.js';
import { delayBeforeNextBatch, type Pace } from '../../core/pace/pace.js';
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
  /** Among what is pending is a provider's first answer. */
  #isFirst = false;
  #cancelTimer: (() => void) | undefined;
  #isRunning = false;
  /** Ends with the last of what is to be done in turn. */
  #lastTurn: Promise<unknown> = Promise.resolve();
  /** As of the last batch. */
  readonly #usage = new Usage<string>();
  readonly #appliedProviders = new Set<string>();
  /** Those that answered before the jobs were told that go over to them. */
  #unclaimed: readonly string[] = [];
  /** What could not be applied goes with the next batch. */
  #unapplied: JobProviderChanges = new Map();
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
    if (!this.#usage.has(job)) return false;
    return this.#usage.of(job).every((provider) => this.#appliedProviders.has(provider));
  }

  /** A first set of collectors (perhaps none) has been applied. */
  get hasCollectors(): boolean {
    return this.#hasCollectors;
  }

  setCollectors(collectors: readonly Collector[]): void {
    this.#pending.setCollectors(collectors);
    this.#schedule();
  }

  setJobProviders(changes: JobProviderChanges): void {
    this.#pending.setJobProviders(changes);
    this.#schedule();
  }

  updateGroups(provider: string, groups: readonly TargetGroup[]): void {
    this.#pending.updateGroups(provider, groups);
    if (!this.#appliedProviders.has(provider)) this.#hurry();
    this.#schedule();
  }

  /**
   * Does other work with the allocation in turn with the changes, which wait for it meanwhile: nothing else changes the
   * allocation from its beginning to its end. Such work must not ask for another turn and wait for that.
   *
   * @returns What the work returns.
   * @throws Whatever the work throws.
   */
  inTurn<T>(work: (allocation: AllocationService) => Promise<T>): Promise<T> {
    const turn = this.#lastTurn.then(() => work(this.allocation));
    this.#lastTurn = turn.catch(() => undefined);
    return turn;
  }

  async onModuleDestroy(): Promise<void> {
    this.#isClosed = true;
    this.#cancelTimer?.();
    await this.#lastTurn;
  }

  #hurry(): void {
    if (this.#isFirst) return;
    this.#isFirst = true;
    this.#cancelTimer?.();
    this.#cancelTimer = undefined;
  }

  #schedule(): void {
    if (this.#isClosed || this.#isRunning || this.#cancelTimer !== undefined) return;
    const pace = { ...this.#pace, isFirst: this.#isFirst };
    const delayMs = delayBeforeNextBatch(pace, this.clock.monotonicMs());
    this.#cancelTimer = this.clock.after(delayMs, () => {
      this.#cancelTimer = undefined;
      this.#isRunning = true;
      void this.inTurn(() => {
        this.#isFirst = false;
        return this.#runBatch(this.#pending.take());
      });
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
    this.#isRunning = false;
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
        const changes = new Map([...this.#unapplied, ...jobProviders]);
        this.#unapplied = changes;
        const workMs = await this.allocation.changeJobs({ providers: changes, configs });
        this.#unapplied = new Map();
        this.#take(
          changes,
          providers.map(({ provider }) => provider),
        );
        return workMs;
      };
    }
  }

  /** @param answered The providers that answered in the same batch. */
  #take(changes: JobProviderChanges, answered: readonly string[]): void {
    for (const [job, providers] of changes) this.#usage.set(job, providers);
    for (const provider of [...this.#usage.takeUnused(), ...this.#unclaimed]) {
      if (!this.#usage.isUsed(provider)) this.#appliedProviders.delete(provider);
    }
    for (const provider of answered) this.#appliedProviders.add(provider);
    this.#unclaimed = answered.filter((provider) => !this.#usage.isUsed(provider));
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
