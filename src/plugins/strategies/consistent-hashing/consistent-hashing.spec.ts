import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import {
  emptyLabelSet,
  loadXxhash64,
  type Collector,
  type Load,
  type PluginContext,
} from '../../../plugin-api/index.js';
import { consistentHashing } from './consistent-hashing.js';

beforeAll(loadXxhash64);

// It takes no configuration and asks nothing of its context.
const strategy = consistentHashing.create(undefined, {} as PluginContext);
const idle: Load = { targets: () => 0, targetsOfJob: () => 0 };
const fleet = (size: number): Collector[] =>
  Array.from({ length: size }, (_, i) => ({ name: `otelcol-collector-${i}` }));
const addresses = Array.from(
  { length: 200 },
  (_, i) => `10.21.${Math.floor(i / 250)}.${(i % 250) + 1}:8080`,
);

/** The owners' numbers as the Go allocator gave them (recorded case allocation/ch-exact-3). */
const RECORDED =
  '1112022002220012020011111222121020202102121222000222011020210002120121' +
  '1201212122220220121210122121101220112211210122000212101202011010112021' +
  '111221112200222022110000121101002110120202110122212000000100';

function ownersOf(collectors: readonly Collector[], of = addresses): (string | undefined)[] {
  const pick = strategy.prepare(collectors);
  return of.map((address) => pick({ job: 'j', address, labels: emptyLabelSet }, undefined, idle));
}

describe('consistent hashing', () => {
  it('places 200 targets on 3 collectors as the Go allocator does', () => {
    expect(
      ownersOf(fleet(3))
        .map((owner) => owner?.at(-1))
        .join(''),
    ).toBe(RECORDED);
  });

  it('gives the same answer by key as by address, for any number of collectors', () => {
    const { keyed } = strategy;
    if (keyed === undefined) throw new Error('it offers no keys');
    for (const size of [1, 2, 33, 500, 1061, 1200, 2000]) {
      const collectors = fleet(size);
      const owners = keyed.owners(collectors);
      const byKey = addresses.map(
        (address) => collectors[owners[keyed.keyOf(address)] ?? -1]?.name,
      );
      expect(byKey).toEqual(ownersOf(collectors));
    }
  });

  it('does not depend on the order of the collectors', () => {
    fc.assert(
      fc.property(fc.shuffledSubarray(fleet(40), { minLength: 1 }), (some) => {
        const sorted = some.toSorted((a, b) => (a.name < b.name ? -1 : 1));
        expect(ownersOf(some)).toEqual(ownersOf(sorted));
      }),
      { numRuns: 50 },
    );
  });

  it('gives back every target when a collector that came goes again', () => {
    const before = ownersOf(fleet(10));
    expect(ownersOf(fleet(11))).not.toEqual(before);
    expect(ownersOf(fleet(10))).toEqual(before);
  });

  it('moves targets only with their partition: no two targets of one partition part', () => {
    const { keyed } = strategy;
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 60 }), (size) => {
        const ownerOfKey = new Map<number | undefined, string | undefined>();
        ownersOf(fleet(size)).forEach((owner, i) => {
          const key = keyed?.keyOf(addresses[i] ?? '');
          expect(ownerOfKey.get(key) ?? owner).toBe(owner);
          ownerOfKey.set(key, owner);
        });
      }),
      { numRuns: 30 },
    );
  });

  it('gives no collector more than a tenth above its share of the partitions', () => {
    for (const size of [2, 10, 100, 1061, 1500]) {
      const counts = new Map<number, number>();
      for (const owner of strategy.keyed?.owners(fleet(size)) ?? []) {
        counts.set(owner, (counts.get(owner) ?? 0) + 1);
      }
      expect(Math.max(...counts.values())).toBeLessThanOrEqual(Math.ceil((1061 / size) * 1.1));
    }
  });
});
