import { isDeepStrictEqual } from 'node:util';
import { Inject, Injectable, type OnModuleDestroy } from '@nestjs/common';
import type { Collector, CollectorSource, Logger } from '../../plugin-api/index.js';
import { type AllocatorConfig, ConfigService } from '../config/index.js';
import { ReadinessRegistry, type SourceStatus } from '../health/index.js';
import { messageOf, PluginHost, type RunningSource } from '../plugins/index.js';
import { LOGGER } from '../telemetry/index.js';
import { collectorSourceOptions } from './collector-source-options.js';

type Listener = (collectors: readonly Collector[]) => void;

interface Running {
  readonly options: Readonly<Record<string, unknown>>;
  readonly source: RunningSource;
  readonly stop: AbortController;
}

/**
 * The collectors there are, from the configured source. A failed source leaves the last known collectors in force, and
 * so does a changed one until its successor has answered.
 */
@Injectable()
export class CollectorSet implements OnModuleDestroy {
  readonly #listeners = new Set<Listener>();
  readonly #logger: Logger;
  readonly #unsubscribe: readonly (() => void)[];
  #collectors: readonly Collector[] | undefined;
  #running: Running | undefined;
  #restarting: Promise<void> = Promise.resolve();

  constructor(
    private readonly config: ConfigService,
    private readonly host: PluginHost,
    readiness: ReadinessRegistry,
    @Inject(LOGGER) logger: Logger,
  ) {
    this.#logger = logger.child('collectors');
    this.#unsubscribe = [
      readiness.register(() => [
        { name: `collectors/${this.#type}`, required: true, status: () => this.#status() },
      ]),
      config.onChange((current) => {
        this.#restarting = this.#restarting.then(() => this.#apply(current));
      }),
    ];
  }

  /** The collectors, sorted by name; `undefined` as long as the source has not answered. */
  get current(): readonly Collector[] | undefined {
    return this.#collectors;
  }

  /** Calls the listener with each new set, and at once with the present one. */
  onChange(listener: Listener): () => void {
    this.#listeners.add(listener);
    if (this.#collectors !== undefined) listener(this.#collectors);
    return () => this.#listeners.delete(listener);
  }

  /** Starts the configured source. @throws PluginOptionsError, UnknownPluginError */
  async start(): Promise<void> {
    await this.#start(this.config.current);
  }

  async onModuleDestroy(): Promise<void> {
    for (const unsubscribe of this.#unsubscribe) unsubscribe();
    await this.#restarting;
    await this.#stop();
  }

  get #type(): string {
    return this.config.current.collectorSource.type;
  }

  async #apply(config: AllocatorConfig): Promise<void> {
    const options = { type: config.collectorSource.type, ...collectorSourceOptions(config) };
    if (this.#running !== undefined && isDeepStrictEqual(this.#running.options, options)) return;
    try {
      await this.#start(config);
    } catch (error) {
      this.#logger.error('changed collector source is refused, the former one stays', {
        error: messageOf(error),
      });
    }
  }

  async #start(config: AllocatorConfig): Promise<void> {
    const { type } = config.collectorSource;
    const options = { type, ...collectorSourceOptions(config) };
    const made: CollectorSource = await this.host.make(
      this.host.definition('collectors', type),
      collectorSourceOptions(config),
    );
    await this.#stop();
    const stop = new AbortController();
    const source = this.host.run(made, {
      name: `collectors/${type}`,
      signal: stop.signal,
      emit: (collectors) => {
        this.#take(collectors);
      },
    });
    this.#running = { options, source, stop };
  }

  async #stop(): Promise<void> {
    this.#running?.stop.abort();
    await this.#running?.source.ended;
    this.#running = undefined;
  }

  #take(collectors: readonly Collector[]): void {
    const sorted = collectors.toSorted((a, b) => (a.name < b.name ? -1 : 1));
    if (isDeepStrictEqual(sorted, this.#collectors)) return;
    this.#collectors = sorted;
    const names = sorted.map(({ name }) => name);
    if (sorted.length === 0) this.#logger.warn('there are no collectors');
    else this.#logger.info('collectors changed', { count: names.length, names });
    for (const listener of this.#listeners) listener(sorted);
  }

  #status(): SourceStatus {
    const error = this.#running?.source.state().lastError;
    if (this.#collectors === undefined) {
      return { answered: false, detail: error ?? 'the first list of collectors is awaited' };
    }
    const detail = `${String(this.#collectors.length)} collectors`;
    return { answered: true, detail: error === undefined ? detail : `${detail}, but ${error}` };
  }
}
