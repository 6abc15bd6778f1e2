import { type Clock, LoopShare } from '../../plugin-api/index.js';
import type { ApiClient } from './api-connection.js';
import { IdleTimer } from './idle-timer.js';
import type { StoredObject } from './informer-store.js';
import type { ObjectIdentity } from './kubernetes-object.js';
import { listAll } from './list-pages.js';
import type { ResourceQuery } from './resource-query.js';

export interface CheckedCache {
  /** Reads an object as the cache does; without an object it is left out. */
  readonly read: (object: unknown) => StoredObject<unknown>;
  readonly states: () => ReadonlyMap<string, ObjectIdentity>;
}
export interface ConsistencyCheckOptions {
  readonly client: ApiClient;
  readonly clock: Clock;
  readonly query: ResourceQuery;
  readonly cache: CheckedCache;
}

/** A cache may be behind a list by what is on its way; what is on its way for longer than that is lost. */
const settleMs = 10_000;

type States = ReadonlyMap<string, string>;

/**
 * The keys of objects that the cache has in another state than the server, or one of them does not have. A difference
 * counts when it is the very same after ten seconds, so that changes meanwhile are no differences.
 */
export async function findInconsistencies(
  options: ConsistencyCheckOptions,
  signal: AbortSignal,
): Promise<readonly string[]> {
  const first = await differences(options, signal);
  if (first.size === 0) return [];
  await options.clock.sleep(settleMs, signal);
  const second = await differences(options, signal);
  return [...first].filter(([key, both]) => second.get(key) === both).map(([key]) => key);
}

/** By key, what the server has and what the cache has. */
async function differences(
  { client, clock, query, cache }: ConsistencyCheckOptions,
  signal: AbortSignal,
): Promise<States> {
  const listed = new Map<string, string>();
  const idle = new IdleTimer(clock, signal);
  try {
    await listAll(
      { client, query, idle, resourceVersion: '' },
      (object) => {
        const item = cache.read(object);
        if (item.object !== undefined) listed.set(item.key, stateOf(item));
      },
      () => {
        listed.clear();
      },
    );
  } finally {
    idle.stop();
  }
  return compare(listed, cache.states());
}

async function compare(listed: States, held: ReadonlyMap<string, ObjectIdentity>): Promise<States> {
  const found = new Map<string, string>();
  const loop = new LoopShare();
  for (const [key, state] of listed) {
    const own = held.get(key);
    const ownState = own === undefined ? 'none' : stateOf(own);
    if (ownState !== state) found.set(key, `${state} ${ownState}`);
    if (loop.isUsedUp) await loop.giveWay();
  }
  for (const [key, own] of held) {
    if (!listed.has(key)) found.set(key, `none ${stateOf(own)}`);
    if (loop.isUsedUp) await loop.giveWay();
  }
  return found;
}

function stateOf({ uid, resourceVersion }: ObjectIdentity): string {
  return `${uid}@${resourceVersion}`;
}
