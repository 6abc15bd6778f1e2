import { Inject, Injectable, type OnModuleDestroy } from '@nestjs/common';
import { SortedMap } from '../../core/collections/sorted-map.js';
import type { ScrapeConfig } from '../../core/scrape-config/model.js';
import { refusedByCollector } from '../../core/scrape-config/index.js';
import type { Clock, Logger } from '../../plugin-api/index.js';
import type { ServedScrapeConfigs } from './served-scrape-configs.js';
import { type AllocatorConfig, ConfigService } from '../config/index.js';
import { ReadinessRegistry, type ReadinessSource } from '../health/index.js';
import type { NetworkPolicy } from '../http-client/index.js';
import { CLOCK, LOGGER } from '../telemetry/index.js';
import { watcherNames } from './custom-resource-watchers.js';
import { JobNetworks } from './job-networks.js';
import { mergeScrapeConfigs, type MergedScrapeConfigs } from './merge-scrape-configs.js';
import { SourceJobs } from './source-jobs.js';

/** @param changed The jobs that may be others than in the version before. */
type Listener = (served: ServedScrapeConfigs, changed: ReadonlySet<string>) => void;

const configurationFile = 'the configuration file';
const nothing: MergedScrapeConfigs = { configs: SortedMap.of(), heldBack: SortedMap.of() };

/**
 * The jobs of all sources as one map. It is known (and collectors are told) only when every expected source has given
 * its first list, or the start-up bound has passed: a collector drops what a list leaves out.
 */
@Injectable()
export class ScrapeConfigStore implements OnModuleDestroy {
  readonly #sources = new Map<string, SourceJobs>();
  readonly #awaited = new Set<string>();
  /** What sources may say something else of than when the jobs were last merged. */
  readonly #touched = new Set<string>();
  readonly #listeners = new Set<Listener>();
  readonly #networks = new JobNetworks();
  readonly #logger: Logger;
  readonly #stop: readonly (() => void)[];
  #startUpIsOver = false;
  #areNetworksChanged = false;
  #merged = nothing;
  #current: ServedScrapeConfigs | undefined;

  constructor(
    config: ConfigService,
    readiness: ReadinessRegistry,
    @Inject(LOGGER) logger: Logger,
    @Inject(CLOCK) clock: Clock,
  ) {
    this.#logger = logger.child('scrape-configs');
    this.#stop = [
      readiness.register(() => this.#readinessSources()),
      clock.after(config.current.startupTimeoutMs, () => {
        this.#startUpIsOver = true;
        this.#publish();
      }),
      config.onChange((current) => {
        this.#takeFile(current);
        this.#publish();
      }),
    ];
    this.#takeFile(config.current);
    for (const name of watcherNames(config.current)) this.expect(name);
    this.#publish();
  }

  /** The jobs; `undefined` as long as a source is awaited. */
  get current(): ServedScrapeConfigs | undefined {
    return this.#current;
  }

  /** What has not answered yet is not waited for any more. */
  get isStartUpOver(): boolean {
    return this.#startUpIsOver;
  }

  /** What the discoveries of a job may not connect to; `undefined`: they may reach everything. */
  networkPolicyOf(config: ScrapeConfig): NetworkPolicy | undefined {
    return this.#networks.of(config);
  }

  /** Announces a source whose first list must be awaited. Sources count in the order of their announcement. */
  expect(source: string): void {
    if (this.#sources.has(source)) return;
    this.#sources.set(source, new SourceJobs());
    this.#awaited.add(source);
    // What nobody has been told of can still become unknown: watchers of plugins are announced after the construction.
    if (this.#listeners.size === 0) this.#current = undefined;
  }

  /** Takes the full list of a source. */
  set(source: string, configs: readonly ScrapeConfig[]): void {
    this.#take(source, configs);
    this.#publish();
  }

  /** Forgets a source, and its jobs. */
  remove(source: string): void {
    if (!this.#sources.has(source)) return;
    this.#take(source, []);
    this.#sources.delete(source);
    this.#publish();
  }

  /** Calls the listener with each new version, and at once with the present one, of which every job counts as changed. */
  onChange(listener: Listener): () => void {
    this.#listeners.add(listener);
    if (this.#current !== undefined) listener(this.#current, allOf(this.#current));
    return () => this.#listeners.delete(listener);
  }

  onModuleDestroy(): void {
    for (const stop of this.#stop) stop();
  }

  #take(source: string, configs: readonly ScrapeConfig[]): void {
    this.expect(source);
    this.#awaited.delete(source);
    const touched = this.#sources.get(source)?.replace(configs) ?? [];
    for (const job of touched) this.#touched.add(job);
  }

  #takeFile({ prometheus, prometheusCr }: AllocatorConfig): void {
    this.#take(configurationFile, prometheus.scrape_configs);
    this.#networks.free(prometheus.scrape_configs);
    if (this.#networks.deny(prometheusCr.deniedDiscoveryNetworks)) this.#areNetworksChanged = true;
  }

  #publish(): void {
    const isAwaited = this.#awaited.size > 0;
    if (isAwaited && !this.#startUpIsOver) return;
    const { changed, ...merged } = mergeScrapeConfigs(this.#merged, {
      sources: this.#sources,
      touched: this.#touched,
      refused: refusedByCollector,
    });
    // Without a source that may have jobs, "none" is not known to be true.
    if (isAwaited && merged.configs.size === 0) return;
    this.#report(merged.heldBack);
    this.#merged = merged;
    this.#current = { ...merged, version: (this.#current?.version ?? 0) + 1 };
    const told = this.#areNetworksChanged ? allOf(this.#current, changed) : changed;
    this.#touched.clear();
    this.#areNetworksChanged = false;
    for (const listener of this.#listeners) listener(this.#current, told);
  }

  #report(heldBack: SortedMap<string>): void {
    if (heldBack === this.#merged.heldBack) return;
    for (const [job, reason] of heldBack) {
      if (this.#merged.heldBack.get(job) === reason) continue;
      this.#logger.warn('job is held back, because collectors would refuse it', { job, reason });
    }
  }

  *#readinessSources(): Iterable<ReadinessSource> {
    for (const [source, jobs] of this.#sources) {
      const answered = !this.#awaited.has(source);
      const detail = answered ? `${String(jobs.size)} jobs` : 'its first list is awaited';
      yield { name: `scrape configs of ${source}`, status: () => ({ answered, detail }) };
    }
  }
}

function allOf({ configs }: ServedScrapeConfigs, gone: Iterable<string> = []): ReadonlySet<string> {
  return new Set([...configs.keys(), ...gone]);
}
