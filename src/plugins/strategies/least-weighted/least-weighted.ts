import {
  compareUtf8,
  defineStrategy,
  type AllocationStrategy,
  type Chooser,
  type Collector,
  type Load,
  type PickCollector,
} from '../../../plugin-api/index.js';
import { HeapChooser } from './heap-chooser.js';

/** Up to here a look at every collector is faster than keeping heaps. */
const MOST_COLLECTORS_TO_SCAN = 32;

/** Finds the collector with the fewest targets; then with the fewest of the job; then the one of the smallest name. */
function leastLoaded(names: readonly string[], job: string, load: Load): string | undefined {
  let least: string | undefined;
  let leastTargets = Infinity;
  let leastOfJob = Infinity;
  for (const name of names) {
    const targets = load.targets(name);
    if (targets > leastTargets) continue;
    const ofJob = load.targetsOfJob(name, job);
    if (targets === leastTargets && ofJob >= leastOfJob) continue;
    least = name;
    leastTargets = targets;
    leastOfJob = ofJob;
  }
  return least;
}

function prepare(collectors: readonly Collector[]): PickCollector {
  const names = sortedNames(collectors);
  return ({ job }, current, load) => current ?? leastLoaded(names, job, load);
}

function prepareChooser(collectors: readonly Collector[]): Chooser {
  if (collectors.length > MOST_COLLECTORS_TO_SCAN) return new HeapChooser(sortedNames(collectors));
  return { pick: prepare(collectors), loadDecreased: () => undefined };
}

const sortedNames = (collectors: readonly Collector[]): readonly string[] =>
  collectors.map(({ name }) => name).sort(compareUtf8);

const strategy: AllocationStrategy = { prepare, prepareChooser, sticky: true, reads: [] };

/**
 * Gives a new target to the collector that has the fewest. A target stays where it is as long as its collector exists, so
 * a new collector fills up with new targets only, as in the Go allocator.
 */
export const leastWeighted = defineStrategy({
  name: 'least-weighted',
  stability: 'stable',
  create: () => strategy,
});
