import type { Clock, Logger, Source } from '../../plugin-api/index.js';
import { messageOf } from './plugins.errors.js';

/** What the supervisor needs. */
export interface RunSourceOptions<T> {
  /**
   * Takes each state. The first one after a start or restart is the full state. When it throws, the source is started
   * again, so that what could not be taken is said again.
   */
  readonly emit: (value: T, isFirstSinceStart: boolean) => void;
  /** Names the source in log lines: `discovery/http:job-a`. */
  readonly name: string;
  readonly logger: Logger;
  readonly clock: Clock;
  /** A number from 0 up to, but not including, 1. */
  readonly random: () => number;
  /** Stops the source for good. */
  readonly signal: AbortSignal;
}

/** How a supervised source is doing. */
export interface SourceState {
  /** It has emitted at least once since it was first started. */
  readonly answered: boolean;
  /** Why it last crashed; `undefined` once it has emitted again. */
  readonly lastError: string | undefined;
  readonly restarts: number;
}

export interface RunningSource {
  state(): SourceState;
  /** Resolves when the source has ended after the signal aborted. Never rejects. */
  readonly ended: Promise<void>;
}

const FIRST_BACK_OFF_MS = 1_000;
const LONGEST_BACK_OFF_MS = 30_000;
/** A run of this length was stable: the next crash counts as the first one. */
const STABLE_MS = 60_000;

/**
 * Runs a source until the signal aborts: starts it again with jittered back-off when it rejects or ends by itself, and
 * keeps quiet about what it emits after its end. The last emitted state stays in force meanwhile. Never throws.
 */
export function runSource<T>(source: Source<T>, options: RunSourceOptions<T>): RunningSource {
  const supervisor = new Supervisor(source, options);
  return { state: () => supervisor.state, ended: supervisor.run() };
}

class Supervisor<T> {
  state: SourceState = { answered: false, lastError: undefined, restarts: 0 };
  #crashesInARow = 0;
  #loggedError: string | undefined;

  constructor(
    private readonly source: Source<T>,
    private readonly options: RunSourceOptions<T>,
  ) {}

  async run(): Promise<void> {
    const { signal, clock } = this.options;
    while (!signal.aborted) {
      const startMs = clock.monotonicMs();
      const error = await this.#runOnce();
      if (isAborted(signal)) return;
      if (clock.monotonicMs() - startMs >= STABLE_MS) this.#crashesInARow = 0;
      await this.#backOff(error);
    }
  }

  /** @returns Why the run ended. */
  async #runOnce(): Promise<string> {
    const stop = new AbortController();
    const forward = (): void => {
      stop.abort(this.options.signal.reason);
    };
    this.options.signal.addEventListener('abort', forward, { once: true });
    try {
      await this.source.run(this.#emitUntil(stop), stop.signal);
      return refusal(stop) ?? 'it ended by itself';
    } catch (error) {
      return refusal(stop) ?? messageOf(error);
    } finally {
      this.options.signal.removeEventListener('abort', forward);
      // Whatever it left running must not emit into its successor's time.
      stop.abort();
    }
  }

  #emitUntil(stop: AbortController): (value: T) => void {
    let isFirst = true;
    return (value) => {
      if (stop.signal.aborted) return;
      try {
        this.options.emit(value, isFirst);
      } catch (error) {
        // Thrown as well, because a source may have nothing that listens to its signal yet.
        stop.abort(new RefusedEmission(messageOf(error)));
        throw error;
      }
      isFirst = false;
      this.#answered();
    };
  }

  #answered(): void {
    if (this.#loggedError !== undefined) {
      this.options.logger.info('source works again', { source: this.options.name });
    }
    this.#loggedError = undefined;
    if (this.state.answered && this.state.lastError === undefined) return;
    this.state = { ...this.state, answered: true, lastError: undefined };
  }

  async #backOff(error: string): Promise<void> {
    const { clock, logger, name, random, signal } = this.options;
    const bareMs = Math.min(
      FIRST_BACK_OFF_MS * 2 ** Math.min(this.#crashesInARow, 10),
      LONGEST_BACK_OFF_MS,
    );
    const delayMs = Math.round(bareMs * (0.5 + random() / 2));
    this.#crashesInARow += 1;
    this.state = { ...this.state, lastError: error, restarts: this.state.restarts + 1 };
    if (error !== this.#loggedError) {
      this.#loggedError = error;
      logger.error('source crashed, its last state stays', { source: name, error, delayMs });
    }
    await clock.sleep(delayMs, signal);
  }
}

/** The host could not take what a source emitted: its run is ended, whatever it makes of that itself. */
class RefusedEmission {
  constructor(readonly message: string) {}
}

function refusal(stop: AbortController): string | undefined {
  const reason: unknown = stop.signal.reason;
  return reason instanceof RefusedEmission
    ? `what it emitted could not be taken: ${reason.message}`
    : undefined;
}

/** Asked anew after each wait: a signal aborts while one waits. */
const isAborted = (signal: AbortSignal): boolean => signal.aborted;
