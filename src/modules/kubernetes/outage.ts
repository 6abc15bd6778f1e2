import type { Clock, Logger } from '../../plugin-api/index.js';
import { ApiStatusError } from './api-status.js';
import { BackOff } from './back-off.js';
import type { InformerHealth } from './informer-health.js';
import { describeFailure, type Recovery } from './recovery.js';
import { describeResource, type ResourceQuery } from './resource-query.js';
import type { ServerReturn } from './server-return.js';

export interface OutageOptions {
  readonly query: ResourceQuery;
  readonly health: InformerHealth;
  readonly clock: Clock;
  readonly logger: Logger;
  /** Draws from [0, 1). */
  readonly random: () => number;
  readonly serverReturn: ServerReturn;
}

/** A watch that lived as long has been healthy, even if nothing happened. */
const healthyMs = 30_000;

/** What becomes of failures in a row: one log line for each kind of them, and longer and longer waits. */
export class Outage {
  readonly #options: OutageOptions;
  readonly #backOff: BackOff;
  #isFresh = true;
  #loggedKind: string | undefined;
  #isFailing = false;

  constructor(options: OutageOptions) {
    this.#options = options;
    this.#backOff = new BackOff(options.random);
  }

  /** Counts a failure, tells it, and waits before the next attempt. */
  async endure(error: unknown, recovery: Recovery, signal: AbortSignal): Promise<void> {
    const { health, serverReturn } = this.#options;
    this.#isFailing = true;
    health.countError(recovery.kind);
    this.#tell(error, recovery);
    const mayRetryAtOnce = recovery.atOnce === true && this.#isFresh;
    this.#isFresh = false;
    const delayMs = mayRetryAtOnce ? 0 : this.#backOff.nextDelayMs();
    const { leastDelayMs = 0, isRefused = false } = recovery;
    if (Math.max(delayMs, leastDelayMs) === 0) return;
    const isProvenBack = await serverReturn.wait({ delayMs, leastDelayMs, isRefused }, signal);
    if (isProvenBack) this.#backOff.reset();
  }

  /** The server takes the watch: the failure is over, though it has not proven to last. */
  noteOpened(): void {
    const { health, logger, query, serverReturn } = this.#options;
    if (this.#isFailing) serverReturn.noteThrough();
    this.#isFailing = false;
    if (this.#loggedKind !== undefined) {
      logger.info('kubernetes watch works again', { resource: describeResource(query) });
    }
    this.#loggedKind = undefined;
    health.failure = undefined;
    health.failureStatus = undefined;
    health.present.clear();
  }

  /** The server sent something: the next failure begins a new series. */
  noteHeard(): void {
    this.#options.health.heard();
    this.#backOff.reset();
    this.#isFresh = true;
  }

  /** A watch ended that was opened then. */
  noteEnded(openedMs: number): void {
    if (this.#options.clock.monotonicMs() - openedMs < healthyMs) return;
    this.#backOff.reset();
    this.#isFresh = true;
  }

  #tell(error: unknown, recovery: Recovery): void {
    const { health, logger, query } = this.#options;
    const fields = {
      resource: describeResource(query),
      synced: health.hasSynced,
      error: describeFailure(error, query),
    };
    if (recovery.withoutWatchList === true) {
      logger.info('kubernetes watch-list is not available, lists are used', fields);
      return;
    }
    health.failure = fields.error;
    health.lastError = fields.error;
    health.failureStatus = error instanceof ApiStatusError ? error.status : undefined;
    health.present.set(error, fields.error);
    if (this.#loggedKind === recovery.kind) {
      logger.debug('kubernetes watch still fails', fields);
      return;
    }
    this.#loggedKind = recovery.kind;
    if (recovery.kind === 'expired') {
      logger.info('kubernetes watch fell behind, listing again', fields);
    } else {
      logger.warn('kubernetes watch failed, what is known stays in force', fields);
    }
  }
}
