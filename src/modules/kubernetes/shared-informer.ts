import type {
  Clock,
  Informer,
  InformerChange,
  InformerRequest,
  Logger,
} from '../../plugin-api/index.js';
import type { ApiClient } from './api-connection.js';
import { checkRepeatedly } from './consistency-checks.js';
import { InformerHealth, type InformerStatus } from './informer-health.js';
import { InformerStore, type StoredObject } from './informer-store.js';
import { InformerClosedError } from './kubernetes.errors.js';
import { identityOf } from './kubernetes-object.js';
import { Reflector, type CacheEvent, type ReflectedCache } from './reflector.js';
import { describeResource } from './resource-query.js';
import type { ServerReturn } from './server-return.js';
import type { DatedInformer } from './storage-check.js';
import { withSignal } from './with-signal.js';

export interface InformerTools {
  readonly client: ApiClient;
  readonly clock: Clock;
  readonly logger: Logger;
  /** Draws from [0, 1). */
  readonly random: () => number;
  readonly serverReturn: ServerReturn;
  /** How often the cache is compared with a fresh list, in milliseconds; 0: never. @default 0 */
  readonly checkIntervalMs?: number;
  /** An informer asked for the newest state, which is older than one that it had seen before. */
  readonly onOlderState?: (seen: string, present: string, informer: DatedInformer) => void;
}

type Listener<T> = (changes: readonly InformerChange<T>[]) => void;

/** One cache of one kind of objects, watched as long as it has users. */
export class SharedInformer<T> implements ReflectedCache<T>, DatedInformer {
  readonly request: InformerRequest<T>;
  readonly health: InformerHealth;
  readonly #logger: Logger;
  readonly #reflector: Reflector<T>;
  readonly #store = new InformerStore<T>();
  readonly #listeners = new Set<Listener<T>>();
  readonly #stop = new AbortController();
  readonly #synced: Promise<void>;
  #settleSync:
    { readonly resolve: () => void; readonly reject: (error: Error) => void } | undefined;
  #users = 0;

  constructor(request: InformerRequest<T>, tools: InformerTools) {
    this.request = request;
    this.#logger = tools.logger;
    this.health = new InformerHealth(tools.clock, request.failures);
    this.#synced = new Promise((resolve, reject) => {
      this.#settleSync = { resolve, reject };
    });
    // Nobody may be waiting when the informer is closed before its first sync.
    this.#synced.catch(() => undefined);
    const reflector = new Reflector<T>({
      ...tools,
      query: request,
      cache: this,
      health: this.health,
      onOlderState: (seen, present) => tools.onOlderState?.(seen, present, this),
    });
    this.#reflector = reflector;
    void reflector.run(this.#stop.signal);
    const { checkIntervalMs: intervalMs = 0 } = tools;
    if (intervalMs === 0) return;
    const cache = {
      read: (object: unknown) => this.read(object),
      states: () => this.#store.states(),
    };
    const relist = (): void => {
      reflector.relist();
    };
    void checkRepeatedly(
      { ...tools, intervalMs, query: request, cache, health: this.health, relist },
      this.#stop.signal,
    );
  }

  get seenVersion(): string {
    return this.#reflector.seenVersion;
  }

  startOver(): void {
    this.#reflector.startOver();
  }

  get status(): InformerStatus {
    const { health } = this;
    return {
      resource: describeResource(this.request),
      hasSynced: health.hasSynced,
      silentMs: health.silentMs,
      objects: this.#store.size,
      relists: health.relists,
      reconnects: health.reconnects,
      errors: health.errors,
      failure: health.failure,
      failureStatus: health.failureStatus,
      verdict: health.present.current?.kind,
      lastError: health.lastError,
    };
  }

  /** @param onUnused Called when the last user has closed; the watch has ended then. */
  use(onUnused: () => void): Informer<T> {
    this.#users += 1;
    const unsubscribe = new Set<() => void>();
    let isOpen = true;
    const { health } = this;
    return {
      get hasSynced() {
        return health.hasSynced;
      },
      synced: (signal) => withSignal(this.#synced, signal),
      get: (key) => this.#store.get(key),
      list: () => this.#store.list(),
      onChange: (listener) => {
        // Wrapped, so that a function given twice is two listeners.
        const own: Listener<T> = (changes) => {
          listener(changes);
        };
        this.#listeners.add(own);
        const stop = (): void => {
          this.#listeners.delete(own);
        };
        unsubscribe.add(stop);
        return stop;
      },
      get failure() {
        return health.present.current;
      },
      onFailure: (listener) => {
        const stop = health.present.onChange((failure) => {
          this.#call(() => {
            listener(failure);
          });
        });
        unsubscribe.add(stop);
        return stop;
      },
      close: () => {
        if (!isOpen) return;
        isOpen = false;
        for (const stop of unsubscribe) stop();
        this.#users -= 1;
        if (this.#users > 0) return;
        this.stop();
        onUnused();
      },
    };
  }

  stop(): void {
    this.#stop.abort();
    this.#settleSync?.reject(new InformerClosedError(describeResource(this.request)));
  }

  read(object: unknown): StoredObject<T> {
    const identity = identityOf(object);
    try {
      return { ...identity, object: this.request.slim(object) };
    } catch (error) {
      // One odd object must not stop the others; what was last known of it stays.
      this.#logger.warn('kubernetes object could not be read', {
        resource: describeResource(this.request),
        key: identity.key,
        error,
      });
      return { ...identity, object: this.#store.get(identity.key) };
    }
  }

  async replace(items: ReadonlyMap<string, StoredObject<T>>): Promise<void> {
    const changes = await this.#store.replace(items);
    if (this.#stop.signal.aborted) return;
    if (!this.health.hasSynced) {
      this.health.hasSynced = true;
      this.#logger.info('kubernetes informer synced', {
        resource: describeResource(this.request),
        objects: this.#store.size,
      });
    }
    this.#settleSync?.resolve();
    this.#tell(changes);
  }

  change(events: readonly CacheEvent<T>[]): void {
    const changes = events.flatMap(({ isDeletion, item }) =>
      isDeletion ? this.#store.delete(item.key) : this.#store.put(item),
    );
    this.#tell(changes);
  }

  #tell(changes: readonly InformerChange<T>[]): void {
    if (changes.length === 0) return;
    for (const listener of this.#listeners) {
      this.#call(() => {
        listener(changes);
      });
    }
  }

  /** One listener's failure is not that of the others, nor of the watch. */
  #call(listener: () => void): void {
    try {
      listener();
    } catch (error) {
      this.#logger.error('listener of a kubernetes informer failed', {
        resource: describeResource(this.request),
        error,
      });
    }
  }
}
