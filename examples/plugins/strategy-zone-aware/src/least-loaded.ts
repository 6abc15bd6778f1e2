import type { Load } from 'target-allocator/plugin-api';

/**
 * The collector with the fewest targets; of several, the one with the fewest of the job, then the first.
 *
 * @param names Sorted.
 */
export function leastLoaded(names: readonly string[], job: string, load: Load): string | undefined {
  let least: string | undefined;
  let leastTargets = Infinity;
  let leastOfJob = Infinity;
  for (const name of names) {
    const targets = load.targets(name);
    if (targets > leastTargets) continue;
    const ofJob = load.targetsOfJob(name, job);
    if (targets === leastTargets && ofJob >= leastOfJob) continue;
    [least, leastTargets, leastOfJob] = [name, targets, ofJob];
  }
  return least;
}
