import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Usage } from './usage.js';

const things = ['x', 'y', 'z'];
const step = fc.tuple(
  fc.constantFrom('a', 'b', 'c'),
  fc.option(fc.subarray(things), { nil: undefined }),
);

describe('who uses what', () => {
  it('is the same from both sides after any history, and each thing let go of is told once', () => {
    fc.assert(
      fc.property(fc.array(fc.array(step, { maxLength: 5 })), (history) => {
        const plain = new Map<string, readonly string[]>();
        const usage = new Usage<string>();
        for (const steps of history) {
          const before = new Set([...plain.values()].flat());
          for (const [user, used] of steps) {
            usage.set(user, used);
            if (used === undefined) plain.delete(user);
            else plain.set(user, used);
          }
          const after = new Set([...plain.values()].flat());
          const unused = usage.takeUnused();
          for (const thing of before) if (!after.has(thing)) expect(unused).toContain(thing);
          for (const thing of unused) expect(after.has(thing)).toBe(false);
          expect(usage.takeUnused()).toEqual([]);
          for (const thing of things) {
            const users = [...plain].filter(([, used]) => used.includes(thing));
            expect([...usage.usersOf(thing)].sort()).toEqual(users.map(([user]) => user).sort());
            expect(usage.isUsed(thing)).toBe(users.length > 0);
          }
          for (const user of ['a', 'b', 'c']) {
            expect(usage.has(user)).toBe(plain.has(user));
            expect(usage.of(user)).toEqual(plain.get(user) ?? []);
          }
        }
      }),
    );
  });
});
