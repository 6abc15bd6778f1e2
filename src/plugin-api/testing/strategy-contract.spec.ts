import { describe, expect, it } from 'vitest';
import type { AllocationStrategy } from '../../core/allocation/strategy.js';
import { defineStrategy } from '../define.js';
import { failuresOf } from './failures-of.js';
import { strategyContract, type StrategyLaws } from './index.js';

const strategyFailures = (make: () => AllocationStrategy, laws: StrategyLaws = {}) =>
  failuresOf((runner) => {
    const definition = defineStrategy({ name: 'broken', stability: 'alpha', create: make });
    strategyContract(runner, definition, undefined, laws);
  });

describe('the contract of strategies', () => {
  it('is kept by the simplest strategy', async () => {
    const laws = { sticky: false, movesAtMost: 1 };
    const byName: AllocationStrategy = {
      prepare: (collectors) => {
        const [first] = collectors.map(({ name }) => name).sort();
        return () => first;
      },
    };
    expect(await strategyFailures(() => byName, laws)).toEqual([]);
  });

  it.each<[string, () => AllocationStrategy, StrategyLaws, string]>([
    [
      'takes the first that it is given',
      () => ({ prepare: (collectors) => () => collectors[0]?.name }),
      {},
      'does not depend on the order in which collectors are given',
    ],
    [
      'takes any at random',
      () => ({
        prepare: (collectors) => () =>
          collectors[Math.floor(Math.random() * collectors.length)]?.name,
      }),
      {},
      'gives the same answers to the same questions',
    ],
    [
      'makes names up',
      () => ({ prepare: () => () => 'somebody' }),
      {},
      'names no collector that it was not given',
    ],
    [
      'stays with one that is gone',
      () => {
        let first: string | undefined;
        return {
          prepare: (collectors) => {
            first ??= collectors
              .map(({ name }) => name)
              .sort()
              .at(0);
            return () => first;
          },
        };
      },
      {},
      'places targets when collectors it knew are gone',
    ],
    [
      'changes its collectors',
      () => ({
        prepare: (collectors) => {
          Reflect.apply(Array.prototype.sort, collectors, []);
          return () => undefined;
        },
      }),
      {},
      'gives the same answers to the same questions',
    ],
    [
      'says something else by its key',
      () => ({
        prepare: () => () => undefined,
        keyed: {
          keyedBy: 'address',
          keys: 1,
          keyOf: () => 0,
          owners: () => Int32Array.of(0),
        },
      }),
      {},
      'gives the same answers by its faster ways',
    ],
    [
      'gives everything to the last one',
      () => ({
        prepare: (collectors) => {
          const last = collectors
            .map(({ name }) => name)
            .sort()
            .at(-1);
          return () => last;
        },
      }),
      { sticky: true },
      'keeps each target on its collector while that exists',
    ],
    [
      'gives everything to one',
      () => ({
        prepare: (collectors) => {
          const first = collectors
            .map(({ name }) => name)
            .sort()
            .at(0);
          return () => first;
        },
      }),
      { skewAtMost: 5 },
      'lets the loads of two collectors differ by at most 5',
    ],
  ])('is broken by one that %s', async (_what, make, laws, law) => {
    expect(await strategyFailures(make, laws)).toContain(law);
  });

  it('is broken by one that moves too much', async () => {
    const byCount: AllocationStrategy = {
      prepare: (collectors) => {
        const names = collectors.map(({ name }) => name).sort();
        return ({ address }) => names[Number(address.split('.')[3]?.split(':')[0]) % names.length];
      },
    };
    const failures = await strategyFailures(() => byCount, { movesAtMost: 0.2 });
    expect(failures).toEqual([
      'moves at most 20 % of the targets when a collector joins or leaves',
    ]);
  });
});
