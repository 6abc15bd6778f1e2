import { Injectable, type OnModuleDestroy } from '@nestjs/common';
import type { Clock, Logger, ScrapeConfig, TargetGroup } from '../../plugin-api/index.js';
import { ReadinessRegistry, type ReadinessSource } from '../health/index.js';
import { PluginContexts, PluginHost } from '../plugins/index.js';
import { DiscoveryMetrics, type JobFigures } from './discovery-metrics.js';
import type { DiscoverySink } from './group-sink.js';
import {
  inForce,
  isAnswered,
  nextProviders,
  withoutExpired,
  withoutNeedless,
  type JobProviders,
} from './job-providers.js';
import { Provider } from './provider.js';
import { sdConfigsOf, type SdConfig } from './sd-config.js';

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
  readonly #providers = new Map<string, Provider>();
  readonly #lastUpdatesMs = new WeakMap<Provider, number>();
  readonly #sdConfigs = new WeakMap<ScrapeConfig, readonly SdConfig[]>();
  #jobs: ReadonlyMap<string, JobProviders> = new Map();
  #hasStandIns = false;
  #sink = noSink;
  /** How many providers each configuration has had. */
  readonly #incarnations = new Map<string, number>();
  #cancelRelist: (() => void) | undefined;
  #cancelExpiry: (() => void) | undefined;

  constructor(
    private readonly host: PluginHost,
    contexts: PluginContexts,
    readiness: ReadinessRegistry,
  ) {
    this.#clock = contexts.clock;
    this.#logger = contexts.logger.child('discovery');
    this.#metrics = new DiscoveryMetrics(contexts.meter, {
      jobs: () => this.#figures(),
      failedConfigs: () => this.#failedConfigs(),
    });
    this.#unregister = readiness.register(() => this.#readinessSources());
  }

  /** Names who is told of providers and groups; to be called before the first {@link apply}. */
  connect(sink: DiscoverySink): void {
    this.#sink = sink;
  }

  /** Takes the full list of jobs; called with every version of the configuration. */
  apply(configs: readonly ScrapeConfig[]): void {
    // Groups that were passed on belong to providers that the sink must have heard of before they may go again.
    this.#relistNow();
    const nowMs = this.#clock.monotonicMs();
    const started: (() => void)[] = [];
    const jobs = new Map<string, JobProviders>();
    for (const config of configs) {
      const wanted = this.#sdConfigsOf(config).map((sd) => {
        const known = this.#usable(sd);
        if (known !== undefined) return known;
        const made = this.#newProvider(sd);
        started.push(() => {
          made.start(config.job_name);
        });
        return made;
      });
      jobs.set(config.job_name, nextProviders(this.#jobs.get(config.job_name), wanted, nowMs));
    }
    this.#jobs = jobs;
    this.#armExpiry();
    this.#tellProviders();
    for (const start of started) start();
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
    this.#unregister();
    this.#cancelRelist?.();
    this.#cancelExpiry?.();
    this.#sink = noSink;
    const stopped = Promise.all([...this.#providers.values()].map((provider) => provider.stop()));
    await Promise.race([stopped, this.#clock.sleep(STOP_TIMEOUT_MS)]);
  }

  #sdConfigsOf(config: ScrapeConfig): readonly SdConfig[] {
    const known = this.#sdConfigs.get(config);
    if (known !== undefined) return known;
    const found = sdConfigsOf(config);
    this.#sdConfigs.set(config, found);
    return found;
  }

  /** One that could not be made is made anew with each version: what it lacked may be there now. */
  #usable(sd: SdConfig): Provider | undefined {
    const known = this.#providers.get(sd.identity);
    return known?.failure === undefined ? known : undefined;
  }

  #newProvider(sd: SdConfig): Provider {
    const made = new Provider(this.#nextKey(sd), sd, this.host, {
      onGroups: (provider, groups) => {
        this.#passOn(provider, groups);
      },
      onFailure: (provider, error) => {
        this.#failed(provider, error);
      },
    });
    this.#providers.set(sd.identity, made);
    return made;
  }

  /**
   * The order of targets depends on the keys, so they are made of the configuration: every replica has the same. A later
   * provider of the same configuration has another key, because what is left of the former one is not its own.
   */
  #nextKey({ mechanism, identity }: SdConfig): string {
    const incarnation = this.#incarnations.get(identity) ?? 0;
    this.#incarnations.set(identity, incarnation + 1);
    return `${mechanism}/${identity}/${String(incarnation)}`;
  }

  #passOn(provider: Provider, groups: readonly TargetGroup[]): void {
    this.#metrics.passedOn();
    this.#lastUpdatesMs.set(provider, this.#clock.epochMs());
    this.#sink.updateGroups(provider.key, groups);
    this.#relistSoon();
  }

  #failed(provider: Provider, error: string): void {
    const { mechanism } = provider.sd;
    const jobs = this.#jobsOf(provider);
    this.#logger.error('service discovery cannot be started', { mechanism, jobs, error });
    // That it has no groups is proven.
    this.#sink.updateGroups(provider.key, []);
    this.#relistSoon();
  }

  /** A first answer can end the time of stand-ins. At start-up many answer at once: they are told of together. */
  #relistSoon(): void {
    if (!this.#hasStandIns) return;
    this.#cancelRelist ??= this.#clock.after(0, () => {
      this.#relistNow();
    });
  }

  #relistNow(): void {
    this.#cancelRelist?.();
    this.#cancelRelist = undefined;
    this.#revise(withoutNeedless);
  }

  #armExpiry(): void {
    this.#cancelExpiry?.();
    const untilMs = [...this.#jobs.values()].filter(hasStandIns).map((job) => job.standInsUntilMs);
    if (untilMs.length === 0) return;
    const nowMs = this.#clock.monotonicMs();
    this.#cancelExpiry = this.#clock.after(Math.max(Math.min(...untilMs) - nowMs, 0), () => {
      const expiredAtMs = this.#clock.monotonicMs();
      this.#revise((job) => withoutExpired(job, expiredAtMs));
      this.#armExpiry();
    });
  }

  #revise(revise: (job: JobProviders) => JobProviders): void {
    if (!this.#hasStandIns) return;
    this.#jobs = new Map([...this.#jobs].map(([name, job]) => [name, revise(job)]));
    this.#tellProviders();
  }

  #tellProviders(): void {
    this.#hasStandIns = [...this.#jobs.values()].some(hasStandIns);
    this.#stopUnused();
    this.#sink.setJobProviders(
      new Map([...this.#jobs].map(([name, job]) => [name, inForce(job).map(({ key }) => key)])),
    );
  }

  #stopUnused(): void {
    const used = new Set(
      [...this.#jobs.values()].flatMap((job) => [...job.wanted, ...job.standIns]),
    );
    for (const [identity, provider] of this.#providers) {
      if (used.has(provider)) continue;
      this.#providers.delete(identity);
      void provider.stop();
    }
  }

  #jobsOf(provider: Provider): readonly string[] {
    return [...this.#jobs].filter(([, job]) => job.wanted.includes(provider)).map(([name]) => name);
  }

  *#figures(): Iterable<JobFigures> {
    for (const [job, providers] of this.#jobs) {
      const present = inForce(providers);
      const updatesMs = present.flatMap((provider) => this.#lastUpdatesMs.get(provider) ?? []);
      yield {
        job,
        targets: present.reduce((sum, provider) => sum + provider.targets, 0),
        lastUpdateMs: updatesMs.length === 0 ? undefined : Math.max(...updatesMs),
      };
    }
  }

  /** Counted by job, as Prometheus does. */
  #failedConfigs(): number {
    return [...this.#jobs.values()]
      .flatMap(({ wanted }) => wanted)
      .filter(({ failure }) => failure !== undefined).length;
  }

  *#readinessSources(): Iterable<ReadinessSource> {
    for (const [job, { wanted }] of this.#jobs) {
      for (const provider of wanted) {
        yield {
          name: `discovery/${provider.sd.mechanism}:${job}`,
          status: () => provider.status(),
        };
      }
    }
  }
}

const hasStandIns = (job: JobProviders): boolean => job.standIns.length > 0;
