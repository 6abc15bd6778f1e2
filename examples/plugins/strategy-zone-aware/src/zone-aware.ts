import {
  type AllocationStrategy,
  type Collector,
  compareUtf8,
  defineStrategy,
  type Load,
  type Meter,
  type PickCollector,
  type Target,
} from 'target-allocator/plugin-api';
import { leastLoaded } from './least-loaded.js';
import { optionsSchema, type ZoneAwareOptions } from './options.js';

/** Why a target is scraped from another zone. */
type SpillReason = 'no_collector' | 'max_skew';
type CountSpill = (zone: string, reason: SpillReason) => void;

/**
 * Gives a target to a collector of its own zone, the least loaded one. It goes to another zone when its own has no
 * collector, or when those are too far ahead of the least loaded one of all; it comes back when a change of collectors
 * finds room at home. A target that has a collector in its zone stays there, and so does one without a zone wherever it is.
 */
export const zoneAware = defineStrategy<ZoneAwareOptions>({
  name: 'zone-aware',
  stability: 'alpha',
  configSchema: optionsSchema,
  create: (options, { meter }): AllocationStrategy => {
    const countSpill = spillCounter(meter);
    return {
      reads: [options.target_label],
      prepare: (collectors) => pickFor(new Zones(collectors, options), options, countSpill),
    };
  },
});

function spillCounter(meter: Meter): CountSpill {
  const counter = meter.counter({
    name: 'spillover_total',
    help: 'Number of times that a target was given to a collector outside of its zone.',
    labelNames: ['zone', 'reason'],
  });
  return (zone, reason) => {
    counter.add(1, { zone, reason });
  };
}

function pickFor(zones: Zones, options: ZoneAwareOptions, countSpill: CountSpill): PickCollector {
  return (target, current, load) => {
    const zone = target.labels[options.target_label] ?? '';
    if (current !== undefined && (zone === '' || zones.of(current) === zone)) return current;
    if (zone === '') return leastLoaded(zones.all, target.job, load);
    const home = zones.leastLoadedIn(zone, target, load);
    if (home !== undefined && zones.hasRoom(home, load)) return home;
    // Away from home one place is as good as another, so it does not move without need.
    if (current !== undefined) return current;
    countSpill(zone, home === undefined ? 'no_collector' : 'max_skew');
    return leastLoaded(zones.all, target.job, load);
  };
}

/** The collectors by zone; those whose zone is unknown are in none. */
class Zones {
  /** Names of all collectors, sorted: the order in which they come must not matter. */
  readonly all: readonly string[];
  readonly #byZone = new Map<string, string[]>();
  readonly #zoneOf = new Map<string, string>();
  readonly #maxSkew: number;

  constructor(collectors: readonly Collector[], options: ZoneAwareOptions) {
    this.#maxSkew = options.max_skew;
    const sorted = collectors.toSorted((a, b) => compareUtf8(a.name, b.name));
    this.all = sorted.map(({ name }) => name);
    for (const { name, labels } of sorted) {
      const zone = labels?.[options.collector_label] ?? '';
      if (zone === '') continue;
      this.#zoneOf.set(name, zone);
      const names = this.#byZone.get(zone);
      if (names === undefined) this.#byZone.set(zone, [name]);
      else names.push(name);
    }
  }

  of(collector: string): string | undefined {
    return this.#zoneOf.get(collector);
  }

  leastLoadedIn(zone: string, { job }: Target, load: Load): string | undefined {
    return leastLoaded(this.#byZone.get(zone) ?? [], job, load);
  }

  /** Whether one more target would not put the collector too far ahead of the least loaded one. */
  hasRoom(collector: string, load: Load): boolean {
    if (this.#maxSkew === Infinity) return true;
    let least = Infinity;
    for (const name of this.all) least = Math.min(least, load.targets(name));
    return load.targets(collector) - least <= this.#maxSkew;
  }
}
