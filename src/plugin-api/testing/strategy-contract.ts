import type { Collector } from '../../core/allocation/collector.js';
import type { AllocationStrategy } from '../../core/allocation/strategy.js';
import type { Target } from '../../core/target/target.js';
import type { StrategyDefinition } from '../define.js';
import { type ContractRunner, deepFreeze, mustHold } from './contract-runner.js';
import { fakeContext } from './fake-context.js';
import { loadsOf, movedTargets, type Owners, placeTargets } from './placed-targets.js';
import { sampleCollectors, sampleTargets } from './sample-targets.js';

/** What a strategy promises beyond the contract, and what it is tried with. */
export interface StrategyLaws {
  /** A target that has a collector keeps it while that collector exists. */
  readonly sticky?: boolean;
  /** The largest share of all targets that may move when one of ten collectors leaves or one joins. Range 0 to 1. */
  readonly movesAtMost?: number;
  /** The most by which the loads of two collectors may differ, in targets. */
  readonly skewAtMost?: number;
  /** @default ten of `sampleCollectors` */
  readonly collectors?: readonly Collector[];
  /** @default 600 of `sampleTargets` */
  readonly targets?: readonly Target[];
}

/**
 * Defines the tests that every allocation strategy must pass.
 *
 * @param options What its `configSchema` makes of a configuration; what `create` gets.
 * @example strategyContract({ describe, it, expect }, zoneAware, { label: 'zone' }, { sticky: true });
 */
export function strategyContract<Config>(
  { describe, it }: ContractRunner,
  definition: StrategyDefinition<Config>,
  options: Config,
  laws: StrategyLaws = {},
): void {
  const collectors = deepFreeze(laws.collectors ?? sampleCollectors(10));
  const targets = deepFreeze(laws.targets ?? sampleTargets(600));
  const make = (): AllocationStrategy => definition.create(options, fakeContext());
  const place = (strategy: AllocationStrategy, among = collectors, former?: Owners): Owners =>
    placeTargets(strategy, among, targets, former);

  describe(`the strategy ${definition.name} keeps the contract`, () => {
    it('gives the same answers to the same questions', () => {
      mustBeEqual(place(make()), place(make()), 'two instances');
    });
    it('does not depend on the order in which collectors are given', () => {
      mustBeEqual(place(make()), place(make(), collectors.toReversed()), 'reversed collectors');
      mustBeEqual(place(make()), place(make(), shuffled(collectors)), 'shuffled collectors');
    });
    it('names no collector that it was not given', () => {
      const few = collectors.slice(0, 2);
      const strategy = make();
      place(strategy);
      mustBeAmong(place(strategy, few), few);
    });
    it('places targets when collectors it knew are gone', () => {
      const strategy = make();
      const left = collectors.slice(1);
      mustBeAmong(place(strategy, left, place(strategy)), left);
    });
    it('gives the same answers by its faster ways', () => {
      mustAgreeWithItself(make(), collectors, targets);
    });
    describeLaws({ laws, make, place, collectors, it });
  });
}

interface LawTests {
  readonly laws: StrategyLaws;
  readonly make: () => AllocationStrategy;
  readonly place: (
    strategy: AllocationStrategy,
    among?: readonly Collector[],
    former?: Owners,
  ) => Owners;
  readonly collectors: readonly Collector[];
  readonly it: ContractRunner['it'];
}

function describeLaws({ laws, make, place, collectors, it }: LawTests): void {
  const { movesAtMost, skewAtMost } = laws;
  if (laws.sticky === true) {
    it('keeps each target on its collector while that exists', () => {
      const strategy = make();
      const before = place(strategy, collectors.slice(0, -1));
      const moved = movedTargets(before, place(strategy, collectors, before));
      mustHold(moved === 0, () => `${String(moved)} targets moved when a collector joined`);
    });
  }
  if (movesAtMost !== undefined) {
    it(`moves at most ${String(movesAtMost * 100)} % of the targets when a collector joins or leaves`, () => {
      const strategy = make();
      const fewer = collectors.slice(0, -1);
      const all = place(strategy);
      const few = place(strategy, fewer, all);
      const most = movesAtMost * all.size;
      const left = movedTargets(all, few);
      const joined = movedTargets(few, place(strategy, collectors, few));
      mustHold(left <= most, () => `${String(left)} targets moved when a collector left`);
      mustHold(joined <= most, () => `${String(joined)} targets moved when a collector joined`);
    });
  }
  if (skewAtMost !== undefined) {
    it(`lets the loads of two collectors differ by at most ${String(skewAtMost)}`, () => {
      const loads = loadsOf(place(make()), collectors);
      const skew = Math.max(...loads) - Math.min(...loads);
      mustHold(skew <= skewAtMost, () => `the loads are ${loads.join(', ')}`);
    });
  }
}

function mustBeEqual(expected: Owners, actual: Owners, what: string): void {
  for (const [target, owner] of expected) {
    const other = actual.get(target);
    const names = `${String(owner)} and ${String(other)}`;
    mustHold(owner === other, () => `${what}: ${target.address} of ${target.job} goes to ${names}`);
  }
}

function mustBeAmong(owners: Owners, collectors: readonly Collector[]): void {
  const names = new Set<string | undefined>(collectors.map(({ name }) => name));
  for (const [target, owner] of owners) {
    const isKnown = owner === undefined || names.has(owner);
    mustHold(isKnown, () => `${target.address} goes to ${String(owner)}, which was not given`);
  }
}

/** The ways that a host may take instead of `prepare` answer alike. */
function mustAgreeWithItself(
  strategy: AllocationStrategy,
  collectors: readonly Collector[],
  targets: readonly Target[],
): void {
  // Without its other ways the strategy has only the plain one.
  const plain: AllocationStrategy = {
    prepare: (among) => strategy.prepare(among),
    ...(strategy.sticky === undefined ? {} : { sticky: strategy.sticky }),
  };
  const expected = placeTargets(plain, collectors, targets);
  mustBeEqual(expected, placeTargets(strategy, collectors, targets), 'prepare and prepareChooser');
  const { keyed } = strategy;
  if (keyed === undefined) return;
  const owners = keyed.owners(collectors);
  const byKey = targets.map((target) => {
    const owner = collectors[owners[keyed.keyOf(target.address)] ?? -1];
    return [target, owner?.name] as const;
  });
  mustBeEqual(expected, new Map(byKey), 'prepare and keyed');
}

/** Always the same mixed-up order. */
function shuffled<T>(items: readonly T[]): readonly T[] {
  return items
    .map((item, index) => ({ item, place: (index * 7919 + 13) % 101 }))
    .sort((a, b) => a.place - b.place)
    .map(({ item }) => item);
}
