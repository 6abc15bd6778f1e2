import {
  type Counter,
  GroupChanges,
  type PluginContext,
  runInSlices,
  type ServiceDiscovery,
  type TargetGroup,
} from 'target-allocator/plugin-api';
import type { EtcdClient } from './etcd-client.js';
import { KeySpace } from './key-space.js';

/** The wait after the first failure, in milliseconds; it doubles up to the longest one. */
const FIRST_RETRY_MS = 1_000;
const LONGEST_RETRY_MS = 30_000;

/** What the source works with. */
export interface EtcdSourceParts {
  /** The members of the etcd; the next one is asked when one fails. */
  readonly clients: readonly EtcdClient[];
  readonly refreshIntervalMs: number;
  readonly context: Pick<PluginContext, 'clock' | 'logger' | 'meter'>;
}

/**
 * Reads all keys, then watches them from that very revision on, so that nothing is missed in between. Whatever goes wrong,
 * it begins anew, and what was known stays until then.
 */
export function etcdSource(parts: EtcdSourceParts): ServiceDiscovery {
  return {
    run: async (emit, signal) => {
      const changes = await GroupChanges.create();
      await new EtcdDiscovery(parts, changes, emit).run(signal);
    },
  };
}

class EtcdDiscovery {
  readonly #keys: KeySpace;
  readonly #failures: Counter;
  #hasEmitted = false;
  #failed = 0;
  #member = 0;
  #lastFailure: string | undefined;

  constructor(
    private readonly parts: EtcdSourceParts,
    private readonly changes: GroupChanges,
    private readonly emit: (groups: readonly TargetGroup[]) => void,
  ) {
    const { logger, meter } = parts.context;
    this.#keys = new KeySpace(logger);
    this.#failures = meter.counter({
      name: 'failures_total',
      help: 'Number of times that the keys could not be read or watched.',
    });
    this.#failures.add(0);
  }

  async run(signal: AbortSignal): Promise<void> {
    while (!isAborted(signal)) {
      try {
        await this.#readAndFollow(signal);
      } catch (error) {
        if (!isAborted(signal)) this.#fail(error);
      }
      if (this.#failed > 0) await this.parts.context.clock.sleep(this.#retryMs(), signal);
    }
  }

  async #readAndFollow(signal: AbortSignal): Promise<void> {
    const { clients } = this.parts;
    const client = clients[this.#member % clients.length];
    if (client === undefined) return;
    const { revision, keys } = await client.range(signal);
    await this.#tell(this.changes.update(this.#keys.replace(keys)), signal);
    this.#succeed();
    await this.#follow(client, revision + 1n, signal);
  }

  /** Resolves when it is time to read everything anew. */
  async #follow(client: EtcdClient, fromRevision: bigint, signal: AbortSignal): Promise<void> {
    const { context, refreshIntervalMs } = this.parts;
    const round = new AbortController();
    const end = (): void => {
      round.abort();
    };
    signal.addEventListener('abort', end);
    const cancel = context.clock.after(refreshIntervalMs, end);
    try {
      for await (const events of client.watch(fromRevision, round.signal)) {
        await this.#tell(this.changes.updateSome(this.#keys.apply(events)), signal);
      }
    } catch (error) {
      if (!round.signal.aborted) throw error;
    } finally {
      cancel();
      signal.removeEventListener('abort', end);
      end();
    }
  }

  async #tell(
    work: Generator<undefined, readonly TargetGroup[]>,
    signal: AbortSignal,
  ): Promise<void> {
    const changed = await runInSlices(work, this.parts.context.clock, signal);
    if (isAborted(signal) || (changed.length === 0 && this.#hasEmitted)) return;
    this.#hasEmitted = true;
    this.emit(changed);
  }

  #succeed(): void {
    this.#failed = 0;
    if (this.#lastFailure === undefined) return;
    this.#lastFailure = undefined;
    this.parts.context.logger.info('etcd answers again');
  }

  #fail(error: unknown): void {
    this.#failed += 1;
    this.#member += 1;
    this.#failures.add(1);
    const message = error instanceof Error ? error.message : String(error);
    if (message === this.#lastFailure) return;
    this.#lastFailure = message;
    this.parts.context.logger.warn('etcd fails, the last target groups stay', { error: message });
  }

  #retryMs(): number {
    return Math.min(FIRST_RETRY_MS * 2 ** Math.min(this.#failed - 1, 10), LONGEST_RETRY_MS);
  }
}

/** Asked anew after each wait: a signal aborts while one waits. */
const isAborted = (signal: AbortSignal): boolean => signal.aborted;
