import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { IdentityTable } from './identity-table.js';

const SLOTS = 64;
/** Few identities, so that several slots have one; and some whose home is the table's last cell or another's. */
const identity = fc.tuple(
  fc.constantFrom(0, 15, 16, 31, -1, 0x7fffffff),
  fc.constantFrom(0, 1 << 7, -1),
);
const step = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({ type: fc.constant('insert'), slot: fc.nat(SLOTS - 1), identity }),
  },
  {
    weight: 4,
    arbitrary: fc.record({ type: fc.constant('remove'), slot: fc.nat(SLOTS - 1), identity }),
  },
  {
    weight: 2,
    arbitrary: fc.record({ type: fc.constant('replace'), slot: fc.nat(SLOTS - 1), identity }),
  },
  {
    weight: 1,
    arbitrary: fc.record({ type: fc.constant('copy'), slot: fc.nat(SLOTS - 1), identity }),
  },
);

/** A table beside a plain list of who is in it. */
class Checked {
  readonly columns: { high: Int32Array; low: Int32Array };
  readonly table: IdentityTable;
  readonly present: Set<number>;

  constructor(copied?: Checked) {
    this.columns = {
      high: copied?.columns.high.slice() ?? new Int32Array(SLOTS),
      low: copied?.columns.low.slice() ?? new Int32Array(SLOTS),
    };
    this.table = new IdentityTable(this.columns, copied?.table);
    this.present = new Set(copied?.present);
  }

  insert(slot: number, [high, low]: readonly [number, number]): void {
    if (this.present.has(slot)) return;
    this.columns.high[slot] = high;
    this.columns.low[slot] = low;
    this.table.insert(slot);
    this.present.add(slot);
  }

  remove(slot: number): void {
    if (this.present.delete(slot)) this.table.remove(slot);
  }

  replace(slot: number): void {
    const other = [...Array(SLOTS).keys()].find((each) => !this.present.has(each));
    if (!this.present.has(slot) || other === undefined) return;
    this.columns.high[other] = this.columns.high[slot] ?? 0;
    this.columns.low[other] = this.columns.low[slot] ?? 0;
    this.table.replace(slot, other);
    this.present.delete(slot);
    this.present.add(other);
  }

  /** All slots of an identity as the table finds them. */
  found(high: number, low: number): number[] {
    const slots: number[] = [];
    for (let slot = this.table.find(high, low); slot >= 0; slot = this.table.findNext(slot)) {
      slots.push(slot);
    }
    return slots.sort((a, b) => a - b);
  }

  expected(high: number, low: number): number[] {
    return [...this.present]
      .filter((slot) => this.columns.high[slot] === high && this.columns.low[slot] === low)
      .sort((a, b) => a - b);
  }

  check(): void {
    for (let slot = 0; slot < SLOTS; slot++) {
      const [high, low] = [this.columns.high[slot] ?? 0, this.columns.low[slot] ?? 0];
      expect(this.found(high, low)).toEqual(this.expected(high, low));
    }
    expect(this.found(77, 77)).toEqual([]);
  }
}

describe('the table of identities', () => {
  it('finds exactly the slots of an identity, after any history, and its copies live on their own', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 120, size: 'max' }), (steps) => {
        let current = new Checked();
        const former: Checked[] = [];
        for (const { type, slot, identity: given } of steps) {
          if (type === 'insert') current.insert(slot, given);
          else if (type === 'remove') current.remove(slot);
          else if (type === 'replace') current.replace(slot);
          else {
            former.push(current);
            current = new Checked(current);
          }
        }
        for (const each of [current, ...former.slice(-2)]) each.check();
      }),
      { numRuns: 150 },
    );
  });

  it('is empty after it was cleared, for however many that come', () => {
    fc.assert(
      fc.property(fc.nat(SLOTS - 1), fc.nat(1_000), (count, expected) => {
        const checked = new Checked();
        for (let slot = 0; slot < count; slot++) checked.insert(slot, [slot % 5, 0]);
        checked.table.clear(expected);
        checked.present.clear();
        checked.check();
        for (let slot = 0; slot < SLOTS; slot++) checked.insert(slot, [slot % 7, 0]);
        checked.check();
      }),
      { numRuns: 50 },
    );
  });
});
