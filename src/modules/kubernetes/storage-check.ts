import type { Clock, Logger } from '../../plugin-api/index.js';
import type { ApiClient } from './api-connection.js';
import { ApiStatusError } from './api-status.js';
import { IdleTimer } from './idle-timer.js';
import { ApiTimeoutError } from './kubernetes.errors.js';
import { presentVersion } from './list-pages.js';
import type { ResourceQuery } from './resource-query.js';
import { describeResource } from './resource-query.js';
import { isOlderVersion } from './resource-version.js';
import type { ServerReturn } from './server-return.js';

/** An informer, as far as the age of its state goes. */
export interface DatedInformer {
  readonly request: ResourceQuery;
  /** The version of its state; `''`: none. */
  readonly seenVersion: string;
  /** The versions that it has seen mean nothing any more: it lists what is newest. */
  startOver(): void;
}

export interface StorageCheckOptions {
  /** Names the server in logs. */
  readonly server: string;
  readonly client: ApiClient;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly serverReturn: ServerReturn;
  /** Those of the server. */
  readonly informers: () => readonly DatedInformer[];
}

/** Outages in quick succession are one; a server that could not tell is asked again after as long. */
const intervalMs = 10_000;
/** A server that starts may leave a question unanswered. */
const readTimeoutMs = 10_000;

/**
 * Finds out whether the storage of an API server was restored to an older state. The versions that informers have seen
 * lie in the future then, where a watch waits for them in silence, and the server does not say so. Storage is only
 * replaced while the server is down, so that it is asked once after each outage, by one request.
 */
export class StorageCheck {
  readonly #options: StorageCheckOptions;
  readonly #stop = new AbortController();
  #isPending = false;
  #readMs = Number.NEGATIVE_INFINITY;
  #restores = 0;

  constructor(options: StorageCheckOptions) {
    this.#options = options;
  }

  /** How often the storage has gone back. */
  get restores(): number {
    return this.#restores;
  }

  /** The server is down. */
  noteDown(): void {
    if (this.#isPending || this.#stop.signal.aborted) return;
    this.#isPending = true;
    void this.#checkOnceBack(this.#stop.signal).finally(() => {
      this.#isPending = false;
    });
  }

  /**
   * The newest state was asked for and is older than one that was seen before. All informers start over, those too whose
   * own version the restored storage has overtaken meanwhile.
   *
   * @param lister Has the newest state already.
   */
  noteRestored(seen: string, present: string, lister?: DatedInformer): void {
    const { informers, logger, server } = this.#options;
    this.#restores += 1;
    logger.warn('storage of the API server went back to an older revision, listing all again', {
      server,
      seen,
      present,
    });
    for (const informer of informers()) {
      if (informer !== lister) informer.startOver();
    }
  }

  close(): void {
    this.#stop.abort();
  }

  async #checkOnceBack(signal: AbortSignal): Promise<void> {
    const { clock, serverReturn } = this.#options;
    let isTold = false;
    while (!isTold) {
      // That the server is back may be seen while a question of before still fails, so that nothing more wakes this one.
      const leastDelayMs = Math.max(0, this.#readMs + intervalMs - clock.monotonicMs());
      await serverReturn.wait({ delayMs: intervalMs, leastDelayMs }, signal);
      if (signal.aborted) return;
      isTold = await this.#check(signal);
    }
  }

  /** Whether it could be told, or nobody can tell. */
  async #check(signal: AbortSignal): Promise<boolean> {
    const { logger } = this.#options;
    for (const { request, seenVersion: seen } of this.#newestFirst()) {
      const restores = this.#restores;
      try {
        const present = await this.#read(request, signal);
        // An informer may have found out by itself meanwhile.
        const isKnown = this.#restores !== restores;
        if (!isKnown && isOlderVersion(present, seen)) this.noteRestored(seen, present);
        return true;
      } catch (error) {
        const resource = describeResource(request);
        logger.debug('age of the kubernetes storage could not be read', { resource, error });
        // Another kind tells as well.
        if (!(error instanceof ApiStatusError) || ![403, 404].includes(error.status)) return false;
      }
    }
    return true;
  }

  /**
   * What was seen last is in the future for longest. It is compared with its own kind only: kinds may have storages of
   * their own.
   */
  #newestFirst(): readonly DatedInformer[] {
    return this.#options
      .informers()
      .filter(({ seenVersion }) => seenVersion !== '')
      .toSorted((a, b) => {
        if (isOlderVersion(a.seenVersion, b.seenVersion)) return 1;
        return isOlderVersion(b.seenVersion, a.seenVersion) ? -1 : 0;
      });
  }

  async #read(query: ResourceQuery, signal: AbortSignal): Promise<string> {
    const { client, clock } = this.#options;
    this.#readMs = clock.monotonicMs();
    const idle = new IdleTimer(clock, signal);
    const cancel = clock.after(readTimeoutMs, () => {
      idle.abort(new ApiTimeoutError(`no answer within ${String(readTimeoutMs / 1_000)} s`));
    });
    try {
      return await presentVersion(client, query, idle);
    } finally {
      cancel();
      idle.stop();
    }
  }
}
