import { Inject, Injectable, type OnModuleDestroy } from '@nestjs/common';
import type { ScrapeConfig } from '../../core/scrape-config/model.js';
import { refusedByCollector } from '../../core/scrape-config/index.js';
import type { Clock, Logger } from '../../plugin-api/index.js';
import type { ServedScrapeConfigs } from './served-scrape-configs.js';
import { ConfigService } from '../config/index.js';
import { ReadinessRegistry, type ReadinessSource } from '../health/index.js';
import { CLOCK, LOGGER } from '../telemetry/index.js';
import { mergeScrapeConfigs } from './merge-scrape-configs.js';

type Listener = (served: ServedScrapeConfigs) => void;

/**
 * The jobs of all sources as one map. It is known (and collectors are told) only when every expected source has given
 * its first list, or the start-up bound has passed: a collector drops what a list leaves out.
 */
@Injectable()
export class ScrapeConfigStore implements OnModuleDestroy {
  readonly #bySource = new Map<string, readonly ScrapeConfig[] | undefined>();
  readonly #refusals = new WeakMap<ScrapeConfig, { readonly reason: string | undefined }>();
  readonly #listeners = new Set<Listener>();
  readonly #logger: Logger;
  readonly #stop: readonly (() => void)[];
  #startUpIsOver = false;
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
        this.set('the configuration file', current.prometheus.scrape_configs);
      }),
    ];
    this.set('the configuration file', config.current.prometheus.scrape_configs);
  }

  /** The jobs; `undefined` as long as a source is awaited. */
  get current(): ServedScrapeConfigs | undefined {
    return this.#current;
  }

  /** Announces a source whose first list must be awaited. Sources count in the order of their announcement. */
  expect(source: string): void {
    if (!this.#bySource.has(source)) this.#bySource.set(source, undefined);
  }

  /** Takes the full list of a source. */
  set(source: string, configs: readonly ScrapeConfig[]): void {
    this.#bySource.set(source, configs);
    this.#publish();
  }

  /** Calls the listener with each new version, and at once with the present one. */
  onChange(listener: Listener): () => void {
    this.#listeners.add(listener);
    if (this.#current !== undefined) listener(this.#current);
    return () => this.#listeners.delete(listener);
  }

  onModuleDestroy(): void {
    for (const stop of this.#stop) stop();
  }

  #publish(): void {
    const sources = [...this.#bySource].map(([source, configs]) => ({ source, configs }));
    const isAwaited = sources.some(({ configs }) => configs === undefined);
    if (isAwaited && !this.#startUpIsOver) return;
    const merged = mergeScrapeConfigs(
      sources.map(({ source, configs }) => ({ source, configs: configs ?? [] })),
      this.#current?.configs ?? new Map(),
      (config) => this.#refusal(config),
    );
    this.#report(merged.heldBack);
    this.#current = { ...merged, version: (this.#current?.version ?? 0) + 1 };
    for (const listener of this.#listeners) listener(this.#current);
  }

  #refusal(config: ScrapeConfig): string | undefined {
    const known = this.#refusals.get(config);
    if (known !== undefined) return known.reason;
    const reason = refusedByCollector(config);
    this.#refusals.set(config, { reason });
    return reason;
  }

  #report(heldBack: ReadonlyMap<string, string>): void {
    for (const [job, reason] of heldBack) {
      if (this.#current?.heldBack.get(job) === reason) continue;
      this.#logger.warn('job is held back, because collectors would refuse it', { job, reason });
    }
  }

  *#readinessSources(): Iterable<ReadinessSource> {
    for (const [source, configs] of this.#bySource) {
      const answered = configs !== undefined;
      const detail = answered ? `${String(configs.length)} jobs` : 'its first list is awaited';
      yield { name: `scrape configs of ${source}`, status: () => ({ answered, detail }) };
    }
  }
}
