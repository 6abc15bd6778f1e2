import type { ApiClient } from './api-connection.js';
import { ApiStatusError, statusError } from './api-status.js';
import { IdleTimer } from './idle-timer.js';
import type { StoredObject } from './informer-store.js';
import { versionOf } from './kubernetes-object.js';
import {
  ApiConnectionError,
  ApiProtocolError,
  ApiTimeoutError,
  RelistRequest,
  WatchListUnavailableError,
} from './kubernetes.errors.js';
import { listAll } from './list-pages.js';
import { openAnswer } from './read-answer.js';
import { Outage, type OutageOptions } from './outage.js';
import { recoveryFrom, type ListFrom } from './recovery.js';
import { acceptOf, describeResource, resourcePath } from './resource-query.js';
import { isOlderVersion } from './resource-version.js';
import { endsInitialEvents, readWatchEvents, type WatchEvent } from './watch-stream.js';

/** What a reflector keeps in step with the server. */
export interface ReflectedCache<T> {
  /** Slims an object on arrival. */
  read(object: unknown): StoredObject<T>;
  /** The full state, which comes into force at once. */
  replace(items: ReadonlyMap<string, StoredObject<T>>): Promise<void>;
  /** Events in their order, one batch. */
  change(events: readonly CacheEvent<T>[]): void;
}
export interface CacheEvent<T> {
  readonly isDeletion: boolean;
  readonly item: StoredObject<T>;
}

export interface ReflectorOptions<T> extends OutageOptions {
  readonly client: ApiClient;
  readonly cache: ReflectedCache<T>;
  /** The newest state is older than one that was seen before. */
  readonly onOlderState?: (seen: string, present: string) => void;
}

/** How long the mark that ends the initial events is awaited; servers have never sent it (kubernetes#140890). */
const watchListBoundMs = 20_000;
/** Cut WatchList streams that are put up with before lists are used instead. */
const watchListAttempts = 3;
/** Silence that ends a watch: bookmarks come about once a minute. */
const silenceMs = { least: 90_000, most: 120_000 };
/** Hung watches end and herds spread (client-go's figures). */
const watchSeconds = { least: 300, most: 600 };
/** A server that ends its watches sooner than this must not be asked again at once. */
const shortestWatchMs = 1_000;

/**
 * Keeps a cache equal to what an API server has, for ever: list, then watch, and after any failure again, by the rules
 * of client-go's reflector. It never gives up, and never empties the cache unless the server said that there is nothing.
 *
 * @see k8s.io/client-go v0.36 tools/cache/reflector.go
 */
export class Reflector<T> {
  readonly #options: ReflectorOptions<T>;
  readonly #outage: Outage;
  #seenVersion = '';
  #listFrom: ListFrom | undefined = 'seen';
  #isWatchListUsable = true;
  #watchListCuts = 0;
  #idle: IdleTimer | undefined;
  /** What was asked for from outside while a round or a wait is under way. */
  #due: 'relist' | 'start-over' | undefined;

  constructor(options: ReflectorOptions<T>) {
    this.#options = options;
    this.#outage = new Outage(options);
  }

  /** Version of the state in the cache; `''` before the first list. */
  get seenVersion(): string {
    return this.#seenVersion;
  }

  /** Resolves when the signal aborts. */
  async run(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      const idle = new IdleTimer(this.#options.clock, signal);
      this.#idle = idle;
      try {
        await this.#round(idle);
      } catch (error) {
        await this.#recover(error, signal);
      } finally {
        idle.stop();
      }
    }
  }

  /** Ends the watch and lists what is newest. */
  relist(): void {
    this.#due ??= 'relist';
    this.#idle?.abort(new RelistRequest());
  }

  /** As {@link relist}; the versions seen so far mean nothing any more. */
  startOver(): void {
    this.#due = 'start-over';
    this.#idle?.abort(new RelistRequest());
  }

  async #round(idle: IdleTimer): Promise<void> {
    if (this.#due !== undefined) this.#listFrom = 'newest';
    if (this.#due === 'start-over') this.#seenVersion = '';
    this.#due = undefined;
    if (this.#listFrom === undefined) await this.#watch(idle);
    else if (this.#isWatchListUsable) await this.#watchList(idle);
    else await this.#list(idle, this.#listFrom);
  }

  async #list(idle: IdleTimer, from: ListFrom): Promise<void> {
    const { client, query, cache } = this.#options;
    const items = new Map<string, StoredObject<T>>();
    const resourceVersion = from === 'newest' ? '' : this.#seenVersion || '0';
    const version = await listAll(
      { client, query, idle, resourceVersion },
      (object) => {
        const item = cache.read(object);
        items.set(item.key, item);
      },
      () => {
        items.clear();
      },
    );
    await this.#replace(items, version);
  }

  async #replace(items: ReadonlyMap<string, StoredObject<T>>, version: string): Promise<void> {
    const { cache, health, onOlderState } = this.#options;
    await cache.replace(items);
    health.lists += 1;
    health.heard();
    const seen = this.#seenVersion;
    this.#seenVersion = version;
    this.#listFrom = undefined;
    // No list is older than what it was asked for, but for one that was asked for the newest.
    if (this.#due === undefined && isOlderVersion(version, seen)) onOlderState?.(seen, version);
  }

  async #watchList(idle: IdleTimer): Promise<void> {
    const { clock } = this.#options;
    const events = await this.#openWatchList(idle);
    const items = new Map<string, StoredObject<T>>();
    const cancelBound = clock.after(watchListBoundMs, () => {
      idle.abort(new WatchListUnavailableError('the end of the initial events never came', false));
    });
    const openedMs = clock.monotonicMs();
    try {
      for await (const batch of events) {
        const rest = this.#listFrom === undefined ? batch : await this.#collect(batch, items);
        if (rest === undefined) continue;
        cancelBound();
        this.#outage.noteOpened();
        this.#apply(rest);
      }
    } catch (error) {
      this.#throwUnlessSilent(error);
    } finally {
      cancelBound();
      this.#outage.noteEnded(openedMs);
    }
    if (this.#listFrom !== undefined) {
      this.#watchListCuts += 1;
      throw this.#watchListCuts < watchListAttempts
        ? new ApiConnectionError('the stream ended before the end of the initial events')
        : new WatchListUnavailableError('its stream was cut several times', false);
    }
  }

  async #openWatchList(idle: IdleTimer): Promise<AsyncGenerator<readonly WatchEvent[]>> {
    try {
      return await this.#openWatch(idle, {
        sendInitialEvents: 'true',
        resourceVersionMatch: 'NotOlderThan',
        resourceVersion: this.#listFrom === 'newest' ? '' : this.#seenVersion,
      });
    } catch (error) {
      if (error instanceof ApiTimeoutError)
        throw new WatchListUnavailableError(error.message, false);
      if (!(error instanceof ApiStatusError) || ![400, 422].includes(error.status)) throw error;
      throw new WatchListUnavailableError(error.serverMessage, true);
    }
  }

  /** Takes initial events; `undefined` until they are complete, then what follows them in the batch. */
  async #collect(
    batch: readonly WatchEvent[],
    items: Map<string, StoredObject<T>>,
  ): Promise<readonly WatchEvent[] | undefined> {
    for (const [index, { type, object }] of batch.entries()) {
      if (type === 'ERROR') throw statusError(object, 500);
      if (type !== 'BOOKMARK') {
        const item = this.#options.cache.read(object);
        if (type === 'DELETED') items.delete(item.key);
        else items.set(item.key, item);
      } else if (endsInitialEvents(object)) {
        const version = versionOf(object);
        if (version === undefined) throw new ApiProtocolError('a bookmark without a version');
        this.#watchListCuts = 0;
        await this.#replace(items, version);
        return batch.slice(index + 1);
      }
    }
    return undefined;
  }

  async #watch(idle: IdleTimer): Promise<void> {
    const { clock } = this.#options;
    const openedMs = clock.monotonicMs();
    let hasEvents = false;
    try {
      const events = await this.#openWatch(idle, { resourceVersion: this.#seenVersion });
      this.#outage.noteOpened();
      for await (const batch of events) {
        hasEvents = true;
        this.#apply(batch);
      }
    } catch (error) {
      this.#throwUnlessSilent(error);
    } finally {
      this.#outage.noteEnded(openedMs);
    }
    if (!hasEvents && clock.monotonicMs() - openedMs < shortestWatchMs) {
      throw new ApiConnectionError('a watch ended as soon as it began');
    }
  }

  async #openWatch(
    idle: IdleTimer,
    parameters: Readonly<Record<string, string>>,
  ): Promise<AsyncGenerator<readonly WatchEvent[]>> {
    const { client, query, health } = this.#options;
    const path = resourcePath(query, {
      watch: 'true',
      allowWatchBookmarks: 'true',
      timeoutSeconds: String(Math.round(this.#between(watchSeconds))),
      ...parameters,
    });
    const response = await openAnswer(client, path, idle, acceptOf(query, 'watch'));
    health.watches += 1;
    const silence = this.#between(silenceMs);
    const awaitMore = (): void => {
      idle.allow(silence, `a watch of ${describeResource(query)}`);
    };
    awaitMore();
    return readWatchEvents(response.body, awaitMore);
  }

  #apply(batch: readonly WatchEvent[]): void {
    const { cache } = this.#options;
    const events: CacheEvent<T>[] = [];
    let failure: ApiStatusError | undefined;
    let version = this.#seenVersion;
    for (const { type, object } of batch) {
      if (type === 'ERROR') {
        failure = statusError(object, 500);
        break;
      }
      if (type === 'BOOKMARK') version = versionOf(object) ?? version;
      else {
        const item = cache.read(object);
        events.push({ isDeletion: type === 'DELETED', item });
        version = item.resourceVersion;
      }
    }
    if (events.length > 0) cache.change(events);
    this.#seenVersion = version;
    if (failure !== undefined) throw failure;
    if (batch.length === 0) return;
    this.#outage.noteHeard();
  }

  async #recover(error: unknown, signal: AbortSignal): Promise<void> {
    if (signal.aborted) return;
    if (error instanceof RelistRequest) return;
    const recovery = recoveryFrom(error, this.#listFrom);
    this.#listFrom = recovery.listFrom ?? this.#listFrom;
    if (recovery.withoutWatchList === true) this.#isWatchListUsable = false;
    await this.#outage.endure(error, recovery, signal);
  }

  /** A watch on which nothing was heard ends as if the server had ended it: the next one tells more. */
  #throwUnlessSilent(error: unknown): void {
    if (this.#listFrom !== undefined || !(error instanceof ApiTimeoutError)) throw error;
  }

  #between({ least, most }: { readonly least: number; readonly most: number }): number {
    return least + this.#options.random() * (most - least);
  }
}
