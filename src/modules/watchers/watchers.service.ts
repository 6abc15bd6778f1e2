import { isDeepStrictEqual } from 'node:util';
import {
  Inject,
  Injectable,
  type OnApplicationBootstrap,
  type OnModuleDestroy,
} from '@nestjs/common';
import type { Logger } from '../../plugin-api/index.js';
import { type AllocatorConfig, ConfigService } from '../config/index.js';
import { messageOf, type RunningSource } from '../plugins/index.js';
import { LOGGER } from '../telemetry/index.js';
import { ScrapeConfigStore } from './scrape-config-store.js';
import { type Watcher, WatcherSources } from './watcher-sources.js';

interface Running {
  /** Everything that it depends on. */
  readonly made: unknown;
  readonly source: RunningSource;
  readonly stop: AbortController;
}

/** Runs the watchers that the configuration asks for, and puts what they say into the store. */
@Injectable()
export class WatchersService implements OnApplicationBootstrap, OnModuleDestroy {
  readonly #running = new Map<string, Running>();
  readonly #unsubscribe: () => void;
  readonly #logger: Logger;
  #applying: Promise<void> = Promise.resolve();

  constructor(
    private readonly config: ConfigService,
    private readonly store: ScrapeConfigStore,
    private readonly sources: WatcherSources,
    @Inject(LOGGER) logger: Logger,
  ) {
    this.#logger = logger.child('watchers');
    this.#unsubscribe = config.onChange((current) => {
      this.#applying = this.#applying.then(() => this.#applyChange(current));
    });
  }

  /** @throws UnknownPluginError, PluginOptionsError */
  async onApplicationBootstrap(): Promise<void> {
    await this.#apply(this.config.current);
  }

  async onModuleDestroy(): Promise<void> {
    this.#unsubscribe();
    await this.#applying;
    await Promise.all([...this.#running.keys()].map((name) => this.#stop(name)));
  }

  async #applyChange(config: AllocatorConfig): Promise<void> {
    try {
      await this.#apply(config);
    } catch (error) {
      this.#logger.error('changed watchers of custom resources are refused, the former ones stay', {
        error: messageOf(error),
      });
    }
  }

  async #apply(config: AllocatorConfig): Promise<void> {
    const wanted = this.sources.wanted(config);
    for (const name of [...this.#running.keys()]) {
      if (wanted.some((watcher) => watcher.name === name)) continue;
      await this.#stop(name);
      this.store.remove(name);
    }
    for (const watcher of wanted) await this.#ensure(watcher, config);
  }

  /** A changed source starts anew; the jobs of the former one stay until it has given its first list. */
  async #ensure(watcher: Watcher, config: AllocatorConfig): Promise<void> {
    const { name, options } = watcher;
    const { collectorNamespace, prometheusCr } = config;
    const made = [options, collectorNamespace, prometheusCr.denyFsAccessThroughSms];
    if (isDeepStrictEqual(this.#running.get(name)?.made, made)) return;
    const source = await this.sources.make(watcher);
    await this.#stop(name);
    const stop = new AbortController();
    const running = this.sources.run(name, source, {
      signal: stop.signal,
      emit: (configs) => {
        this.store.set(name, configs);
      },
    });
    this.#running.set(name, { made, source: running, stop });
  }

  async #stop(name: string): Promise<void> {
    const running = this.#running.get(name);
    this.#running.delete(name);
    running?.stop.abort();
    await running?.source.ended;
  }
}
