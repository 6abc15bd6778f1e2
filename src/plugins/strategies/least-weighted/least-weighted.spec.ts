import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  emptyLabelSet,
  type Collector,
  type Load,
  type PickCollector,
  type PluginContext,
} from '../../../plugin-api/index.js';
import { leastWeighted } from './least-weighted.js';

// It takes no configuration and asks nothing of its context.
const strategy = leastWeighted.create(undefined, {} as PluginContext);
const fleet = (size: number): Collector[] =>
  Array.from({ length: size }, (_, i) => ({ name: `c${i}` }));

/** Loads that a test gives and takes. */
class Loads implements Load {
  readonly #counts = new Map<string, number>();

  targets(collector: string): number {
    return this.#counts.get(collector) ?? 0;
  }
  targetsOfJob(collector: string, job: string): number {
    return this.#counts.get(`${collector}/${job}`) ?? 0;
  }
  add(collector: string, job: string, change: 1 | -1): void {
    for (const key of [collector, `${collector}/${job}`]) {
      this.#counts.set(key, (this.#counts.get(key) ?? 0) + change);
    }
  }
}

const pickFor = (
  pick: PickCollector,
  job: string,
  load: Load,
  current?: string,
): string | undefined => pick({ job, address: 'h:1', labels: emptyLabelSet }, current, load);

describe('least-weighted', () => {
  it('takes the collector with the fewest targets, then the fewest of the job, then the smallest name', () => {
    const pick = strategy.prepare([{ name: 'b' }, { name: 'c' }, { name: 'a' }]);
    const load = new Loads();
    expect(pickFor(pick, 'j', load)).toBe('a');
    load.add('a', 'j', 1);
    expect(pickFor(pick, 'j', load)).toBe('b');
    load.add('b', 'j', 1);
    load.add('c', 'other', 1);
    expect(pickFor(pick, 'j', load)).toBe('c');
    expect(pickFor(pick, 'other', load)).toBe('a');
    load.add('b', 'j', -1);
    expect(pickFor(pick, 'j', load)).toBe('b');
  });

  it('leaves a target where it is', () => {
    const load = new Loads();
    load.add('a', 'j', 1);
    expect(strategy.sticky).toBe(true);
    expect(pickFor(strategy.prepare(fleet(2)), 'j', load, 'a')).toBe('a');
    expect(pickFor(strategy.prepare(fleet(50)), 'j', load, 'c7')).toBe('c7');
  });

  it.each([1, 3, 32, 33, 40, 100])('tells the same by heap as by scan among %i', (size) => {
    const step = fc.record({
      job: fc.constantFrom('x', 'y', 'z'),
      removed: fc.option(fc.nat(), { nil: undefined, freq: 2 }),
    });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 250 }), (steps) => {
        const collectors = fleet(size);
        const scan = strategy.prepare(collectors);
        const chooser = strategy.prepareChooser?.(collectors.toReversed());
        if (chooser === undefined) throw new Error('it has no chooser');
        const load = new Loads();
        const placed: [string, string][] = [];
        for (const { job, removed } of steps) {
          const [gone] =
            removed === undefined ? [] : placed.splice(removed % (placed.length + 1), 1);
          if (gone !== undefined) {
            load.add(...gone, -1);
            chooser.loadDecreased(gone[0]);
          }
          const picked = pickFor(chooser.pick, job, load);
          expect(picked).toBe(pickFor(scan, job, load));
          if (picked === undefined) continue;
          load.add(picked, job, 1);
          placed.push([picked, job]);
        }
      }),
      { numRuns: 40 },
    );
  });

  it('goes on right after more jobs and removals than it keeps track of', () => {
    const collectors = fleet(40);
    const scan = strategy.prepare(collectors);
    const chooser = strategy.prepareChooser?.(collectors);
    if (chooser === undefined) throw new Error('it has no chooser');
    const load = new Loads();
    for (let i = 0; i < 600; i++) {
      const job = `j${i % 150}`;
      const picked = pickFor(chooser.pick, job, load) ?? '';
      expect(picked).toBe(pickFor(scan, job, load));
      load.add(picked, job, 1);
      if (i % 3 === 0) {
        load.add(picked, job, -1);
        chooser.loadDecreased(picked);
      }
    }
  });
});
