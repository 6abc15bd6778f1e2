import { Injectable, type OnModuleDestroy } from '@nestjs/common';
import { Usage } from '../../core/collections/usage.js';
import {
  type Clock,
  LoopShare,
  type Logger,
  type ScrapeConfig,
  type TargetGroup,
} from '../../plugin-api/index.js';
import { ReadinessRegistry, type ReadinessSource } from '../health/index.js';
import { messageOf, PluginContexts, PluginHost } from '../plugins/index.js';
import { DiscoveryMetrics } from './discovery-metrics.js';
import { DropGuards } from './drop-guards.js';
import type { DiscoverySink } from './group-sink.js';
import { AwaitedJobs, type ApplyOptions, type JobsVersion } from './awaited-jobs.js';
import { failedConfigsOf, figuresOf, readinessSourcesOf } from './job-figures.js';
import {
  inForce,
  isAnswered,
  nextProviders,
  withoutExpired,
  withoutNeedless,
  type JobProviders,
} from './job-providers.js';
import type { Provider } from './provider.js';
import { ProviderSet } from './provider-set.js';
import { KnownSdConfigs, type SdConfig } from './sd-config.js';

/** How long the shutdown waits for sources that are slow to end, in milliseconds. */
const STOP_TIMEOUT_MS = 2_000;

/** Takes what is told before there is a sink: nothing, as the first thing it is told is everything. */
const noSink: DiscoverySink = { setJobProviders: () => undefined, updateGroups: () => undefined };

/**
 * Runs one provider for each distinct service discovery configuration of all jobs. A configuration that did not change
 * keeps its provider, and with it its groups, whatever happens to the jobs around it.
 */
@Injectable()
export class DiscoveryManager implements OnModuleDestroy {
  readonly #clock: Clock;
  readonly #logger: Logger;
  readonly #metrics: DiscoveryMetrics;
  readonly #unregister: () => void;
  readonly #providers: ProviderSet;
  readonly #lastUpdatesMs = new WeakMap<Provider, number>();
  readonly #guards: DropGuards;
  readonly #sdConfigs = new KnownSdConfigs();
  readonly #awaited = new AwaitedJobs();
  readonly #jobs = new Map<string, JobProviders>();
  readonly #usage = new Usage<Provider>();
  /** The jobs that have stand-ins. */
  readonly #stoodInFor = new Set<string>();
  readonly #failedProviders = new Set<Provider>();
  #sink = noSink;
  #isApplying = false;
  #hasApplied = false;
  #isClosed = false;
  #cancelRelist: (() => void) | undefined;
  #cancelExpiry: (() => void) | undefined;

  constructor(host: PluginHost, contexts: PluginContexts, readiness: ReadinessRegistry) {
    this.#clock = contexts.clock;
    this.#logger = contexts.logger.child('discovery');
    this.#metrics = new DiscoveryMetrics(contexts.meter, {
      jobs: () => figuresOf(this.#jobs, this.#lastUpdatesMs),
      failedConfigs: () => failedConfigsOf(this.#jobs),
    });
    this.#providers = new ProviderSet(host, this.#clock, {
      onGroups: (provider, groups) => {
        this.#guards.take(provider, groups);
        this.#relistSoon();
      },
      onSame: (provider) => {
        this.#guards.confirm(provider);
      },
      onFailure: (provider, error) => {
        this.#failed(provider, error);
      },
    });
    this.#guards = new DropGuards({
      clock: this.#clock,
      logger: this.#logger,
      metrics: this.#metrics,
      jobsOf: (provider) => [...this.#usage.usersOf(provider)],
      pass: (provider, groups) => {
        this.#passOn(provider, groups);
      },
    });
    this.#unregister = readiness.register(() => this.#readinessSources());
  }

  /** Names who is told of providers and groups; to be called before the first {@link apply}. */
  connect(sink: DiscoverySink): void {
    this.#sink = sink;
  }

  /**
   * From now on an update by which a provider of 100 targets or more would lose a larger part of them waits for another
   * refresh. @default 1 (none waits)
   */
  limitDrops(maxRatio: number): void {
    this.#guards.maxRatio = maxRatio;
  }

  /**
   * Takes a version of the jobs, by name. Costs as much as there is to look at. A few jobs are taken over at once; many
   * without holding the event loop: until all of them have been looked at, the former version stays in force.
   */
  apply(configs: ReadonlyMap<string, ScrapeConfig>, options: ApplyOptions = {}): void {
    this.#awaited.add(configs, options);
    if (this.#isApplying) return;
    this.#isApplying = true;
    void this.#applyAwaited().catch((error: unknown) => {
      this.#isApplying = false;
      this.#logger.error('jobs could not be taken over, the former ones stay', {
        error: messageOf(error),
      });
    });
  }

  /**
   * Whether what is known of the job is all there is: each of its providers has answered, or those of its former
   * configuration stand in for them. False for jobs that there are not.
   */
  isAnswered(job: string): boolean {
    const providers = this.#jobs.get(job);
    return providers !== undefined && (providers.standIns.length > 0 || isAnswered(providers));
  }

  async onModuleDestroy(): Promise<void> {
    this.#isClosed = true;
    this.#unregister();
    this.#cancelRelist?.();
    this.#cancelExpiry?.();
    this.#sink = noSink;
    for (const provider of this.#providers.values()) this.#guards.stop(provider);
    const stopped = Promise.all([...this.#providers.values()].map((provider) => provider.stop()));
    await Promise.race([stopped, this.#clock.sleep(STOP_TIMEOUT_MS)]);
  }

  async #applyAwaited(): Promise<void> {
    const share = new LoopShare(() => this.#clock.monotonicMs());
    for (let next = this.#awaited.take(); next !== undefined; next = this.#awaited.take()) {
      for (const name of next.names) {
        const config = next.configs.get(name);
        // What is found out here is remembered; with thousands of jobs it is most of the work.
        if (config !== undefined) this.#sdConfigs.of(config, next.networkOf(config));
        if (share.isUsedUp) await share.giveWay();
      }
      if (this.#isClosed) return;
      for (const start of this.#takeOver(next)) {
        start();
        // Awaited each time, because most of a start comes after it, before the event loop turns.
        await share.giveWay();
      }
    }
    this.#isApplying = false;
  }

  /** @returns What starts the new providers. */
  #takeOver({ configs, names: changed, networkOf }: JobsVersion): readonly (() => void)[] {
    // Groups that were passed on belong to providers that the sink must have heard of before they may go again.
    this.#relistNow();
    const nowMs = this.#clock.monotonicMs();
    const started: (() => void)[] = [];
    const names = new Set([...changed, ...this.#jobsThatFailed()]);
    for (const name of names) {
      const config = configs.get(name);
      const wanted =
        config && this.#wantedBy(config, this.#sdConfigs.of(config, networkOf(config)), started);
      this.#setJob(name, wanted && nextProviders(this.#jobs.get(name), wanted, nowMs));
    }
    this.#hasApplied = true;
    this.#armExpiry();
    this.#tellProviders(names);
    return started;
  }

  #wantedBy(
    config: ScrapeConfig,
    found: readonly SdConfig[],
    started: (() => void)[],
  ): readonly Provider[] {
    return found.map((sd) => {
      const known = this.#providers.usable(sd);
      if (known !== undefined) return known;
      const made = this.#providers.make(sd);
      started.push(() => {
        made.start(config.job_name);
      });
      return made;
    });
  }

  #setJob(name: string, job: JobProviders | undefined): void {
    if (job !== undefined && job === this.#jobs.get(name)) return;
    if (job === undefined) this.#jobs.delete(name);
    else this.#jobs.set(name, job);
    if (job !== undefined && job.standIns.length > 0) this.#stoodInFor.add(name);
    else this.#stoodInFor.delete(name);
    this.#usage.set(name, job && [...job.wanted, ...job.standIns]);
  }

  #jobsThatFailed(): readonly string[] {
    return [...this.#failedProviders].flatMap((provider) => [...this.#usage.usersOf(provider)]);
  }

  #passOn(provider: Provider, groups: readonly TargetGroup[]): void {
    this.#metrics.passedOn();
    this.#lastUpdatesMs.set(provider, this.#clock.epochMs());
    this.#sink.updateGroups(provider.key, groups);
  }

  #failed(provider: Provider, error: string): void {
    const { mechanism } = provider.sd;
    const jobs = [...this.#usage.usersOf(provider)];
    this.#failedProviders.add(provider);
    this.#logger.error('service discovery cannot be started', { mechanism, jobs, error });
    // That it has no groups is proven.
    this.#sink.updateGroups(provider.key, []);
    this.#relistSoon();
  }

  /** A first answer can end the time of stand-ins. At start-up many answer at once: they are told of together. */
  #relistSoon(): void {
    if (this.#stoodInFor.size === 0) return;
    this.#cancelRelist ??= this.#clock.after(0, () => {
      this.#relistNow();
    });
  }

  #relistNow(): void {
    this.#cancelRelist?.();
    this.#cancelRelist = undefined;
    this.#revise(withoutNeedless);
  }

  *#readinessSources(): Iterable<ReadinessSource> {
    yield* readinessSourcesOf(this.#jobs);
    // The sources of the first jobs are not there yet.
    if (this.#isApplying && !this.#hasApplied) {
      yield { name: 'discovery', status: () => ({ answered: false, detail: 'jobs are read' }) };
    }
  }

  #armExpiry(): void {
    this.#cancelExpiry?.();
    const untilMs = Array.from(this.#stoodInJobs(), ([, job]) => job.standInsUntilMs);
    if (untilMs.length === 0) return;
    const nowMs = this.#clock.monotonicMs();
    this.#cancelExpiry = this.#clock.after(Math.max(Math.min(...untilMs) - nowMs, 0), () => {
      const expiredAtMs = this.#clock.monotonicMs();
      this.#revise((job) => withoutExpired(job, expiredAtMs));
      this.#armExpiry();
    });
  }

  /** Tells of all jobs with stand-ins: which providers are in force changes with each answer. */
  #revise(revise: (job: JobProviders) => JobProviders): void {
    const revised = [...this.#stoodInJobs()];
    if (revised.length === 0) return;
    for (const [name, job] of revised) this.#setJob(name, revise(job));
    this.#tellProviders(revised.map(([name]) => name));
  }

  *#stoodInJobs(): Iterable<readonly [string, JobProviders]> {
    for (const name of this.#stoodInFor) {
      const job = this.#jobs.get(name);
      if (job !== undefined) yield [name, job];
    }
  }

  #tellProviders(names: Iterable<string>): void {
    this.#stopUnused();
    const told = Array.from(names, (name): [string, readonly string[] | undefined] => {
      const job = this.#jobs.get(name);
      return [name, job && inForce(job).map(({ key }) => key)];
    });
    this.#sink.setJobProviders(new Map(told));
  }

  #stopUnused(): void {
    for (const provider of this.#usage.takeUnused()) {
      this.#providers.remove(provider);
      this.#failedProviders.delete(provider);
      this.#guards.stop(provider);
      void provider.stop();
    }
  }
}
