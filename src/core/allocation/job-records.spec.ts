import fc from 'fast-check';
import { expect, it } from 'vitest';
import { JobRecords } from './job-records.js';

const step = fc.record({
  type: fc.constantFrom('add', 'add', 'twin', 'free', 'copy'),
  at: fc.nat(),
});

/** The ring of a slot, as a sorted list. */
function ringOf({ twin }: JobRecords, slot: number): number[] {
  const ring = [slot];
  for (let at = twin[slot] ?? slot; at !== slot; at = twin[at] ?? slot) ring.push(at);
  return ring.sort((a, b) => a - b);
}

it('slots are given to one at a time, and twins form rings, after any history', () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 120, size: 'max' }), (steps) => {
      let records = new JobRecords();
      /** Sets of twins. */
      let plain: number[][] = [];
      for (const { type, at } of steps) {
        const slots = plain.flat();
        const chosen = slots[at % Math.max(1, slots.length)];
        if (type === 'copy') records = new JobRecords(records);
        else if (type === 'free') {
          if (chosen === undefined) continue;
          records.leaveTwins(chosen);
          records.free(chosen);
          plain = plain.map((ring) => ring.filter((slot) => slot !== chosen));
        } else {
          const slot = records.allocate();
          expect(slots).not.toContain(slot);
          if (type === 'add' || chosen === undefined) plain.push([slot]);
          else {
            records.joinTwins(slot, chosen);
            plain.find((ring) => ring.includes(chosen))?.push(slot);
          }
        }
      }
      for (const ring of plain) {
        const sorted = ring.toSorted((a, b) => a - b);
        expect(ring.map((slot) => ringOf(records, slot))).toEqual(ring.map(() => sorted));
      }
    }),
    { numRuns: 60 },
  );
});
