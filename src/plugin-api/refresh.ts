import type { TargetGroup } from '../core/target/target-group.js';
import type { Clock, Logger, PluginContext } from './context.js';
import { GroupChanges } from './group-changes.js';
import { refreshMetrics, type RefreshMetrics } from './refresh-metrics.js';
import { runInSlices } from './slices.js';
import type { ServiceDiscovery } from './source.js';

/** What {@link refreshSource} needs to know. */
export interface RefreshOptions {
  /** The discovery mechanism, for metrics: `http`. */
  readonly mechanism: string;
  /**
   * Asks once for the full set of groups. `undefined` says that nothing has changed since the former call. A rejection
   * is a failed refresh: it is counted and logged, and the former set stays.
   */
  readonly refresh: (signal: AbortSignal) => Promise<readonly TargetGroup[] | undefined>;
  /** From the start of one refresh to the start of the next one, in milliseconds. Minimum 100. */
  readonly intervalMs: number;
  /** The context that the definition was given. */
  readonly context: Pick<PluginContext, 'clock' | 'logger' | 'meter' | 'instance'>;
}

/** Whatever is configured, a refresh must not become a busy loop. */
const SHORTEST_INTERVAL_MS = 100;
/** The wait after the first failure while there has been no answer yet, in milliseconds; it doubles up to the interval. */
const FIRST_RETRY_MS = 1_000;

/**
 * A discovery that asks for everything again and again: authors write one function that gives all groups. The source
 * emits the first set whole, then what changed: no groups when nothing did, which says that what was told still stands. It
 * emits nothing when a refresh fails, so that the last good set stays. As long as there was no good answer at all it asks
 * again sooner than after the interval.
 *
 * @see https://github.com/prometheus/prometheus/blob/v3.14.0/discovery/refresh/refresh.go
 */
export function refreshSource(options: RefreshOptions): ServiceDiscovery {
  return {
    run: async (emit, signal) => {
      const metrics = refreshMetrics(
        options.context.meter,
        options.mechanism,
        options.context.instance ?? '',
      );
      const changes = await GroupChanges.create();
      try {
        await new RefreshLoop(options, metrics, changes).run(emit, signal);
      } finally {
        metrics.end();
      }
    },
  };
}

class RefreshLoop {
  readonly #clock: Clock;
  readonly #logger: Logger;
  readonly #intervalMs: number;
  #hasAnswered = false;
  #failures = 0;
  #lastFailure: string | undefined;

  constructor(
    private readonly options: RefreshOptions,
    private readonly metrics: RefreshMetrics,
    private readonly changes: GroupChanges,
  ) {
    this.#clock = options.context.clock;
    this.#intervalMs = Math.max(options.intervalMs, SHORTEST_INTERVAL_MS);
    this.#logger = options.context.logger;
  }

  async run(emit: (groups: readonly TargetGroup[]) => void, signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      const startMs = this.#clock.monotonicMs();
      const changed = await this.#refresh(signal);
      const tookMs = this.#clock.monotonicMs() - startMs;
      if (isAborted(signal)) return;
      this.metrics.took(tookMs / 1_000);
      if (changed !== undefined) {
        this.#hasAnswered = true;
        emit(changed);
      }
      await this.#clock.sleep(Math.max(this.#waitMs() - tookMs, 0), signal);
    }
  }

  /** @returns What changed; `undefined` when it is not known. */
  async #refresh(signal: AbortSignal): Promise<readonly TargetGroup[] | undefined> {
    try {
      const groups = await this.options.refresh(signal);
      const changed =
        groups && (await runInSlices(this.changes.update(groups), this.#clock, signal));
      this.#succeeded();
      return changed ?? (this.#hasAnswered ? [] : undefined);
    } catch (error) {
      if (!signal.aborted) this.#failed(error);
      return undefined;
    }
  }

  #succeeded(): void {
    this.#failures = 0;
    if (this.#lastFailure === undefined) return;
    this.#lastFailure = undefined;
    this.#logger.info('refresh works again');
  }

  #failed(error: unknown): void {
    this.#failures += 1;
    this.metrics.failed();
    const message = error instanceof Error ? error.message : String(error);
    if (message === this.#lastFailure) return;
    this.#lastFailure = message;
    this.#logger.warn('refresh failed, the last good target groups stay', { error: message });
  }

  #waitMs(): number {
    if (this.#hasAnswered || this.#failures === 0) return this.#intervalMs;
    return Math.min(FIRST_RETRY_MS * 2 ** Math.min(this.#failures - 1, 20), this.#intervalMs);
  }
}

/** Asked anew after each wait: a signal aborts while one waits. */
const isAborted = (signal: AbortSignal): boolean => signal.aborted;
