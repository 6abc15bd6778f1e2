import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { InformerStore, type StoredObject } from './informer-store.js';

function stored(
  key: string,
  resourceVersion: string,
  more: Partial<StoredObject<string>> = {},
): StoredObject<string> {
  return { key, uid: `uid-${key}`, resourceVersion, object: `${key}@${resourceVersion}`, ...more };
}
function mapOf(...items: readonly StoredObject<string>[]): Map<string, StoredObject<string>> {
  return new Map(items.map((item) => [item.key, item]));
}

describe('InformerStore', () => {
  it('sees after a list what was added, changed and deleted while nobody watched', async () => {
    const store = new InformerStore<string>();
    await store.replace(mapOf(stored('gone', '1'), stored('same', '2'), stored('changed', '3')));
    const changes = await store.replace(
      mapOf(stored('same', '2'), stored('changed', '7'), stored('new', '8')),
    );
    expect(changes).toEqual([
      { type: 'deleted', key: 'gone', object: 'gone@1' },
      { type: 'updated', key: 'changed', object: 'changed@7' },
      { type: 'added', key: 'new', object: 'new@8' },
    ]);
  });

  it('takes an object made anew under its name for a deletion and an addition', async () => {
    const store = new InformerStore<string>();
    await store.replace(mapOf(stored('a', '1')));
    const again = stored('a', '5', { uid: 'another' });
    const expected = [
      { type: 'deleted', key: 'a', object: 'a@1' },
      { type: 'added', key: 'a', object: 'a@5' },
    ];
    expect(await store.replace(mapOf(again))).toEqual(expected);
    expect(store.get('a')).toBe('a@5');
  });

  it('has the former state or the next one, and nothing in between', async () => {
    const store = new InformerStore<string>();
    const keys = Array.from({ length: 30_000 }, (_, n) => `pod-${String(n)}`);
    const all = mapOf(...keys.map((key) => stored(key, '1')));
    const sizes = new Set<number>();
    const replacing = { isDone: false };
    const replaced = store.replace(all).then(() => (replacing.isDone = true));
    while (!replacing.isDone) {
      sizes.add(store.size);
      await new Promise(setImmediate);
    }
    await replaced;
    sizes.add(store.size);
    expect([...sizes].filter((size) => size !== 0)).toEqual([30_000]);
  });

  it('does not tell a state twice', () => {
    const store = new InformerStore<string>();
    expect(store.put(stored('a', '1'))).toHaveLength(1);
    expect(store.put(stored('a', '1'))).toEqual([]);
    expect(store.delete('never-there')).toEqual([]);
  });

  it('drops an object that slim leaves out from now on', () => {
    const store = new InformerStore<string>();
    store.put(stored('a', '1'));
    expect(store.put(stored('a', '2', { object: undefined }))).toEqual([
      { type: 'deleted', key: 'a', object: 'a@1' },
    ]);
    expect([...store.list()]).toEqual([]);
  });

  it('tells changes from which a listener can rebuild the cache', async () => {
    const state = fc.dictionary(fc.constantFrom('a', 'b', 'c', 'd'), fc.nat({ max: 3 }));
    await fc.assert(
      fc.asyncProperty(fc.array(state), async (states) => {
        const store = new InformerStore<string>();
        const mirror = new Map<string, string>();
        for (const versions of states) {
          const items = Object.entries(versions).map(([key, v]) =>
            // Even and odd versions are of different objects under one name.
            stored(key, String(v), { uid: `${key}-${String(v % 2)}` }),
          );
          for (const { type, key, object } of await store.replace(mapOf(...items))) {
            if (type === 'deleted') mirror.delete(key);
            else mirror.set(key, object);
          }
          expect([...mirror.values()].toSorted()).toEqual([...store.list()].toSorted());
        }
      }),
    );
  });
});
