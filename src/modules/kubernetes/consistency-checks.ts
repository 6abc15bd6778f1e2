import type { Logger } from '../../plugin-api/index.js';
import { findInconsistencies, type ConsistencyCheckOptions } from './consistency-check.js';
import type { InformerHealth } from './informer-health.js';
import { describeResource } from './resource-query.js';

export interface ConsistencyChecksOptions extends ConsistencyCheckOptions {
  readonly intervalMs: number;
  readonly health: InformerHealth;
  readonly logger: Logger;
  /** Draws from [0, 1). */
  readonly random: () => number;
  readonly relist: () => void;
}

/** As many keys are named in a log line. */
const mostNamedKeys = 10;

/** Checks a cache again and again; where it differs from the server, that is told and put right. */
export async function checkRepeatedly(
  options: ConsistencyChecksOptions,
  signal: AbortSignal,
): Promise<void> {
  const { clock, intervalMs, health, random } = options;
  while (!signal.aborted) {
    // Spread, so that not all kinds are listed at once.
    await clock.sleep(intervalMs * (0.9 + 0.2 * random()), signal);
    // What is not followed is known to differ.
    if (health.hasSynced && health.failure === undefined) {
      await check(options, signal);
    }
  }
}

async function check(options: ConsistencyChecksOptions, signal: AbortSignal): Promise<void> {
  const { health, logger, query, relist } = options;
  const resource = describeResource(query);
  try {
    const keys = await findInconsistencies(options, signal);
    if (keys.length === 0) return;
    health.inconsistencies += keys.length;
    logger.error('kubernetes informer differs from a fresh list, listing again', {
      resource,
      objects: keys.length,
      keys: keys.slice(0, mostNamedKeys),
    });
    relist();
  } catch (error) {
    if (!signal.aborted)
      logger.debug('kubernetes informer could not be checked', { resource, error });
  }
}
