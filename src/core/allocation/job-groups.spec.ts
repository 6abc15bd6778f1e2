import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { StoredGroup } from '../target/stored-group.js';
import { JobGroups, takesPrecedence, type JobGroup } from './job-groups.js';

const stored = (provider: string, source: string): StoredGroup => ({
  provider,
  source,
  rows: 0,
  groupNames: { names: [] },
  groupValues: [],
  blocks: [],
});
const provider = fc.constantFrom('', 'p', 'P', '__proto__', 'p\0', '\u{1f600}');
/** Many at a time, so that there are several sorted runs; or one. */
const step = fc.record({
  provider: fc.oneof({ weight: 2, arbitrary: fc.constant('p') }, provider),
  sources: fc.oneof(
    fc.tuple(fc.nat(3_000), fc.integer({ min: 1, max: 2_500 })),
    fc.tuple(fc.nat(20), fc.integer({ min: 1, max: 20 })),
  ),
  isGone: fc.boolean(),
  isRead: fc.boolean(),
});

/** By the UTF-16 units of the provider, then of the source. */
function plainOrder(a: StoredGroup, b: StoredGroup): number {
  if (a.provider !== b.provider) return a.provider < b.provider ? -1 : 1;
  if (a.source === b.source) return 0;
  return a.source < b.source ? -1 : 1;
}

/** A number that stands for a source; neighbours are far from each other in order. */
const sourceOf = (n: number): string => `${String((n * 7_919) % 4_001)}${n % 3 === 0 ? '' : 'é'}`;

it('groups come in the order of provider and source, after any history', () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 8, size: 'max' }), (steps) => {
      const groups = new JobGroups();
      const plain = new Map<string, JobGroup>();
      const expectEqual = (): void => {
        const present = [...plain.values()];
        const sorted = present.toSorted((a, b) => plainOrder(a.stored, b.stored));
        const ordered = groups.ordered().map(({ current }) => current);
        expect(ordered.length).toBe(sorted.length);
        expect(ordered.findIndex((group, i) => group !== sorted[i])).toBe(-1);
        expect(new Set(present.map(({ id }) => id)).size).toBe(present.length);
        expect(present.find((group) => groups.get(group.id) !== group)).toBeUndefined();
      };
      for (const { provider: name, sources, isGone, isRead } of steps) {
        const [first, count] = sources;
        for (let n = first; n < first + count; n++) {
          const state = stored(name, sourceOf(n));
          const key = JSON.stringify([name, state.source]);
          const group = isGone ? undefined : groups.reserve(state);
          groups.commit(state, group);
          if (group === undefined) plain.delete(key);
          else plain.set(key, group);
          if (n === first) expect(groups.find(name, state.source)).toBe(plain.get(key));
        }
        if (isRead) expectEqual();
      }
      expectEqual();
    }),
    { numRuns: 80 },
  );
});

it('of two groups that one is shown which comes later', () => {
  const group = fc.tuple(provider, provider).map(([name, source]) => stored(name, source));
  fc.assert(
    fc.property(group, group, (a, b) => {
      expect(takesPrecedence(a, b)).toBe(plainOrder(a, b) > 0);
    }),
  );
});
