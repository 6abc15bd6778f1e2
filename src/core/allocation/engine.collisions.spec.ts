import fc from 'fast-check';
import { beforeAll, expect, it, vi } from 'vitest';
import { loadXxhash64 } from '../hash/xxhash64.js';
import {
  apply,
  applyPlainly,
  engineWith,
  expectEqual,
  history,
  runToEnd,
} from './testing/histories.js';
import { ReferenceAllocation } from './testing/reference-allocation.js';
import { byKey } from './testing/strategies.js';

/** Two bits instead of 64: what would happen if somebody could make targets whose hashes are equal. */
vi.mock('../target/identity.js', () => ({
  LabelHash: class {
    high = 0;
    low = 0;
    name(): void {
      this.low = 0;
    }
    value(value: string): void {
      this.low = value.length % 2;
    }
  },
}));

beforeAll(loadXxhash64);

it('keeps different targets apart although their hashes are equal', () => {
  let sameHash = 0;
  fc.assert(
    fc.property(history, (events) => {
      const engine = engineWith(byKey);
      const reference = new ReferenceAllocation(byKey);
      for (const event of events) {
        runToEnd(apply(engine, event));
        applyPlainly(reference, event);
        expectEqual(engine, reference);
      }
      for (const { targets } of engine.jobs()) sameHash = Math.max(sameHash, targets);
    }),
    { numRuns: 300 },
  );
  // At most six hashes are possible for up to five labels, so some runs had many targets of one hash.
  expect(sameHash).toBeGreaterThan(6);
});
