import { describeProblem, type Problem } from '../../core/document/problem.js';
import type { Clock, Logger } from '../../plugin-api/index.js';
import type { AllocatorConfig } from './allocator-config.js';
import { ConfigService, type ReloadStatus } from './config.service.js';
import { fingerprint } from './fingerprint.js';
import type { LoadedConfig, LoadResult } from './loaded-config.js';
import { PathWatcher } from './path-watcher.js';
import { keepStartSettings } from './start-settings.js';
import { sameValue } from './same-value.js';

export interface ReloadingConfigOptions {
  readonly initial: LoadedConfig;
  /** Reads the configuration again. */
  readonly load: () => Promise<LoadResult>;
  readonly logger: Logger;
  readonly clock: Clock;
}

const fileChanged = 'file changed';

/** How many problems of a refused configuration are logged one by one. */
const mostLogged = 100;

/**
 * The configuration in force, read again on request and when one of its files may have changed. A configuration that is
 * refused changes nothing: the running one stays until a good one comes.
 */
export class ReloadingConfigService extends ConfigService {
  readonly #options: ReloadingConfigOptions;
  readonly #listeners = new Set<(current: AllocatorConfig, former: AllocatorConfig) => void>();
  readonly #stopping = new AbortController();
  #current: AllocatorConfig;
  /** The files of the last attempt, whether or not it was accepted. */
  #paths: readonly string[];
  #fingerprint = '';
  /** The one reload that runs or waits; reloads never overlap. */
  #reloading: Promise<void> = Promise.resolve();
  #watching: Promise<void> = Promise.resolve();
  #lastReload: ReloadStatus;

  constructor(options: ReloadingConfigOptions) {
    super();
    this.#options = options;
    this.#current = options.initial.config;
    this.#paths = options.initial.paths;
    this.#lastReload = { isSuccessful: true, lastSuccessEpochMs: options.clock.epochMs() };
    this.#logWarnings(options.initial.problems);
  }

  get current(): AllocatorConfig {
    return this.#current;
  }

  get lastReload(): ReloadStatus {
    return this.#lastReload;
  }

  onChange(listener: (current: AllocatorConfig, former: AllocatorConfig) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Begins to watch the files. */
  watch(): void {
    const watcher = new PathWatcher({
      paths: () => this.#paths,
      onMaybeChanged: () => this.reload(fileChanged),
      clock: this.#options.clock,
      logger: this.#options.logger,
    });
    this.#watching = watcher.run(this.#stopping.signal);
  }

  /** Reads the configuration again and, when it is good, puts it in force. Never rejects. */
  reload(reason: string): Promise<void> {
    this.#reloading = this.#reloading.then(() => this.#reload(reason));
    return this.#reloading;
  }

  /** Ends the watch; resolves when nothing of it runs any more. */
  async close(): Promise<void> {
    this.#stopping.abort();
    await Promise.all([this.#watching, this.#reloading]);
  }

  async #reload(reason: string): Promise<void> {
    if (this.#stopping.signal.aborted) return;
    try {
      // Taken before the files are read: what changes in between is found by the next look.
      const found = await fingerprint(this.#paths);
      if (reason === fileChanged && found === this.#fingerprint) return;
      this.#fingerprint = found;
      const result = await this.#options.load();
      if (!sameValue(result.paths, this.#paths)) this.#fingerprint = '';
      this.#paths = result.paths;
      if (result.kind === 'refused') this.#refuse(result.problems, reason);
      else this.#accept(result, reason);
    } catch (error) {
      this.#lastReload = { ...this.#lastReload, isSuccessful: false };
      this.#options.logger.error('configuration could not be reloaded, the running one stays', {
        reason,
        error,
      });
    }
  }

  #refuse(problems: readonly Problem[], reason: string): void {
    this.#lastReload = { ...this.#lastReload, isSuccessful: false };
    const lines = problems.map(describeProblem);
    this.#options.logger.error('configuration refused, the running one stays', {
      reason,
      problems: lines.slice(0, mostLogged),
      problemCount: lines.length,
    });
  }

  #accept(result: LoadedConfig, reason: string): void {
    const former = this.#current;
    const wasRefused = !this.#lastReload.isSuccessful;
    const { config, needRestart } = keepStartSettings(result.config, former);
    const isChanged = !sameValue(config, former);
    this.#lastReload = {
      isSuccessful: true,
      lastSuccessEpochMs: this.#options.clock.epochMs(),
    };
    if (needRestart.length > 0) {
      this.#options.logger.warn('changed settings take effect after a restart only', {
        settings: needRestart,
      });
    }
    if (isChanged || wasRefused || reason !== fileChanged) {
      this.#logWarnings(result.problems);
      this.#options.logger.info('configuration reloaded', { reason, changed: isChanged });
    }
    // Without a change the former object stays, so that nobody takes it for a change.
    if (!isChanged) return;
    this.#current = config;
    this.#tell(config, former);
  }

  #tell(config: AllocatorConfig, former: AllocatorConfig): void {
    for (const listener of this.#listeners) {
      try {
        listener(config, former);
      } catch (error) {
        this.#options.logger.error('a part could not take the new configuration', { error });
      }
    }
  }

  #logWarnings(problems: readonly Problem[]): void {
    for (const problem of problems.slice(0, mostLogged)) {
      this.#options.logger.warn('configuration warning', { problem: describeProblem(problem) });
    }
  }
}
