import type { Clock, Logger } from '../../plugin-api/index.js';
import type { DecisionsClient } from './decisions/decisions-client.js';
import type { Following } from './following.js';
import { NotLeadingError } from './replication.errors.js';

export interface LeaderLinkOptions {
  readonly client: DecisionsClient;
  readonly clock: Clock;
  readonly logger: Logger;
  /** The decisions have been applied. */
  readonly onDecisions: () => void;
  /** The leader does not answer as one. */
  readonly onFailure: () => void;
}

/** Between attempts that fail. */
const retryMs = 500;

/** Asks one leader for its decisions, again and again, until it is closed. */
export class LeaderLink {
  readonly #stop = new AbortController();
  readonly #done: Promise<void>;
  #isFailing = false;

  constructor(
    readonly url: string,
    private readonly following: Following,
    private readonly options: LeaderLinkOptions,
  ) {
    this.#done = this.#run();
  }

  /** Resolves when nothing more is applied. */
  async close(): Promise<void> {
    this.#stop.abort();
    await this.#done;
  }

  async #run(): Promise<void> {
    const { signal } = this.#stop;
    const { clock, onFailure } = this.options;
    while (!signal.aborted) {
      try {
        await this.#ask(signal);
      } catch (error) {
        this.#fail(error, signal);
        onFailure();
        await clock.sleep(retryMs, signal);
      }
    }
  }

  async #ask(signal: AbortSignal): Promise<void> {
    const { client, logger, onDecisions } = this.options;
    const told = await client.ask(this.url, this.following.state, signal);
    // Somebody else may be followed by now.
    signal.throwIfAborted();
    await this.following.take(told);
    if (this.#isFailing) logger.info('the leading replica answers again', { url: this.url });
    this.#isFailing = false;
    onDecisions();
  }

  /** Told once, until it answers again. That it does not lead any more is no failure. */
  #fail(error: unknown, signal: AbortSignal): void {
    if (signal.aborted || this.#isFailing || error instanceof NotLeadingError) return;
    this.#isFailing = true;
    this.options.logger.warn('no decisions of the leading replica, the last ones stay in use', {
      url: this.url,
      error,
    });
  }
}
