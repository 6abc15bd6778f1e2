import { type InformerChange, LoopShare } from '../../plugin-api/index.js';
import type { ObjectIdentity } from './kubernetes-object.js';

/** An object as the cache keeps it: slimmed, with what identifies its state. */
export interface StoredObject<T> extends ObjectIdentity {
  /** `undefined`: there, but left out by the informer's `slim`. */
  readonly object: T | undefined;
}

type Kept<T> = Omit<StoredObject<T>, 'object'> & { readonly object: T };

/**
 * The cache of an informer, and what changed in it. States are told apart by uid and resource version, so that a
 * second delivery of the same state is no change, and an object that was deleted and made again under its name while
 * nobody watched is a deletion and an addition, in this order.
 */
export class InformerStore<T> {
  #objects = new Map<string, Kept<T>>();

  get size(): number {
    return this.#objects.size;
  }

  get(key: string): T | undefined {
    return this.#objects.get(key)?.object;
  }

  /** Which state of which object is held, by its key. */
  states(): ReadonlyMap<string, ObjectIdentity> {
    return this.#objects;
  }

  *list(): Iterable<T> {
    for (const { object } of this.#objects.values()) yield object;
  }

  /**
   * The full state: what it does not have was deleted, whether the deletion was seen or not. It is made ready aside and
   * comes into force at once; meanwhile nothing else may change the store.
   */
  async replace(
    items: ReadonlyMap<string, StoredObject<T>>,
  ): Promise<readonly InformerChange<T>[]> {
    const loop = new LoopShare();
    const former = this.#objects;
    const changes: InformerChange<T>[] = [];
    const next = new Map<string, Kept<T>>();
    for (const [key, kept] of former) {
      if (items.get(key)?.object === undefined) {
        changes.push({ type: 'deleted', key, object: kept.object });
      }
      if (loop.isUsedUp) await loop.giveWay();
    }
    for (const [key, item] of items) {
      const kept = keep(item);
      if (kept === undefined) continue;
      next.set(key, kept);
      changes.push(...difference(former.get(key), kept));
      if (loop.isUsedUp) await loop.giveWay();
    }
    this.#objects = next;
    return changes;
  }

  /** One object as it is now. */
  put(item: StoredObject<T>): readonly InformerChange<T>[] {
    const kept = keep(item);
    if (kept === undefined) return this.delete(item.key);
    const changes = difference(this.#objects.get(item.key), kept);
    if (changes.length > 0) this.#objects.set(item.key, kept);
    return changes;
  }

  delete(key: string): readonly InformerChange<T>[] {
    const former = this.#objects.get(key);
    if (former === undefined) return [];
    this.#objects.delete(key);
    return [{ type: 'deleted', key, object: former.object }];
  }
}

function keep<T>(item: StoredObject<T>): Kept<T> | undefined {
  return item.object === undefined ? undefined : { ...item, object: item.object };
}

function difference<T>(former: Kept<T> | undefined, next: Kept<T>): InformerChange<T>[] {
  const { key, object } = next;
  if (former === undefined) return [{ type: 'added', key, object }];
  if (former.uid !== next.uid) {
    return [
      { type: 'deleted', key, object: former.object },
      { type: 'added', key, object },
    ];
  }
  return former.resourceVersion === next.resourceVersion ? [] : [{ type: 'updated', key, object }];
}
