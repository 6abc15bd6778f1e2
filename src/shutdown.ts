import type { Clock, Logger } from './plugin-api/index.js';
import type { StopSignal } from './stop-signals.js';

/** How long requests that are under way may take to end after the delay: with that of Kubernetes 15 s are kept, also by who is late. */
const finishMs = 8_000;

export interface ShutdownParts {
  readonly logger: Logger;
  readonly clock: Clock;
  /** How long to go on serving with readiness off, in milliseconds. */
  readonly delayMs: () => number;
  /** Readiness off: nobody new is sent here. */
  readonly beginShutdown: () => void;
  /** Finishes requests, closes watches and listeners. May hang on clients that do not read. */
  readonly close: () => Promise<void>;
  /** Ends the process. */
  readonly exit: (code: number) => void;
}

/**
 * Ends the process in order: readiness off, some time in which requests are still answered, then everything is closed. It
 * ends within a bound whatever clients do, and at once at the second request.
 */
export class Shutdown {
  readonly #parts: ShutdownParts;
  #isRequested = false;

  constructor(parts: ShutdownParts) {
    this.#parts = parts;
  }

  request(signal: StopSignal): void {
    const { logger, exit } = this.#parts;
    if (this.#isRequested) {
      logger.warn('second signal, exiting at once', { signal: signal.name });
      exit(128 + signal.number);
      return;
    }
    this.#isRequested = true;
    void this.#run(signal.name);
  }

  async #run(signal: string): Promise<void> {
    const { logger, clock, delayMs, beginShutdown, exit } = this.#parts;
    const delay = delayMs();
    logger.info('shutting down', { signal, delayMs: delay });
    beginShutdown();
    const isLate = clock.sleep(delay + finishMs).then(() => false);
    await clock.sleep(delay);
    const isClosed = await Promise.race([this.#close(), isLate]);
    if (!isClosed) logger.warn('exiting with requests under way', { waitedMs: finishMs });
    logger.info('target allocator exited');
    exit(0);
  }

  async #close(): Promise<boolean> {
    try {
      await this.#parts.close();
    } catch (error) {
      this.#parts.logger.error('not everything could be closed', { error });
    }
    return true;
  }
}
