import type { Collector } from '../../core/allocation/collector.js';
import type { AllocationStrategy, Chooser, Load } from '../../core/allocation/strategy.js';
import type { Target } from '../../core/target/target.js';

/** Who has which target; `undefined`: nobody. */
export type Owners = ReadonlyMap<Target, string | undefined>;

/**
 * Places targets one after the other as the host does: a sticky strategy is asked only for targets without a collector,
 * any other one for all of them.
 *
 * @param former Who had them before.
 */
export function placeTargets(
  strategy: AllocationStrategy,
  collectors: readonly Collector[],
  targets: readonly Target[],
  former: Owners = new Map(),
): Owners {
  const load = new CountedLoad();
  const present = new Set(collectors.map(({ name }) => name));
  const owners = new Map<Target, string | undefined>();
  for (const target of targets) {
    const owner = former.get(target);
    if (owner === undefined || !present.has(owner)) continue;
    owners.set(target, owner);
    load.add(target, owner, 1);
  }
  const chooser = chooserOf(strategy, collectors);
  for (const target of targets) {
    const current = owners.get(target);
    if (current !== undefined) {
      if (strategy.sticky === true) continue;
      load.add(target, current, -1);
      chooser.loadDecreased(current);
    }
    const owner = chooser.pick(target, current, load);
    owners.set(target, owner);
    if (owner !== undefined) load.add(target, owner, 1);
  }
  return owners;
}

/** The number of targets that have another owner than before, of those that had one. */
export function movedTargets(before: Owners, after: Owners): number {
  let moved = 0;
  for (const [target, owner] of before) {
    if (owner !== undefined && after.get(target) !== owner) moved++;
  }
  return moved;
}

/** How many targets each of the collectors has. */
export function loadsOf(owners: Owners, collectors: readonly Collector[]): readonly number[] {
  const loads = new Map(collectors.map(({ name }) => [name, 0]));
  for (const owner of owners.values()) {
    if (owner !== undefined) loads.set(owner, (loads.get(owner) ?? 0) + 1);
  }
  return [...loads.values()];
}

function chooserOf(strategy: AllocationStrategy, collectors: readonly Collector[]): Chooser {
  return (
    strategy.prepareChooser?.(collectors) ?? {
      pick: strategy.prepare(collectors),
      loadDecreased: () => undefined,
    }
  );
}

class CountedLoad implements Load {
  readonly #byCollector = new Map<string, number>();
  readonly #byJob = new Map<string, number>();

  add({ job }: Target, collector: string, by: 1 | -1): void {
    this.#byCollector.set(collector, this.targets(collector) + by);
    this.#byJob.set(keyOf(collector, job), this.targetsOfJob(collector, job) + by);
  }
  targets(collector: string): number {
    return this.#byCollector.get(collector) ?? 0;
  }
  targetsOfJob(collector: string, job: string): number {
    return this.#byJob.get(keyOf(collector, job)) ?? 0;
  }
}

const keyOf = (collector: string, job: string): string => `${collector}\n${job}`;
