import {
  type AllocationStrategy,
  type Collector,
  compareUtf8,
  defineStrategy,
  type Load,
  type PickCollector,
  type Target,
} from 'target-allocator/plugin-api';
import { optionsSchema, type WeightedOptions } from './options.js';
import { WeightLedger } from './weight-ledger.js';
import { Weights } from './weights.js';

/**
 * Gives a target to the collector that has the least weight for what it can carry, so that heavy targets do not pile up
 * on one. A target stays where it is as long as its collector exists.
 */
export const weighted = defineStrategy<WeightedOptions>({
  name: 'weighted',
  stability: 'alpha',
  configSchema: optionsSchema,
  create: (options, { logger }): AllocationStrategy => {
    const weights = new Weights(options, logger);
    return {
      // Not `sticky`, although it is: the host then shows every target again to a new set of collectors, which is how
      // their weights are known. They are told apart by nothing else.
      reads: [weights.label],
      prepare: (collectors) => pickAmong(collectors, weights),
    };
  },
});

interface Carrier {
  readonly name: string;
  readonly capacity: number;
}

function pickAmong(collectors: readonly Collector[], weights: Weights): PickCollector {
  const carriers: readonly Carrier[] = collectors
    .map((collector) => ({ name: collector.name, capacity: weights.ofCollector(collector) }))
    // The order in which collectors come must not matter.
    .sort((a, b) => compareUtf8(a.name, b.name));
  const ledger = new WeightLedger((job) => weights.ofJob(job));
  return (target, current, load) => {
    const weight = weights.ofTarget(target);
    const picked = current ?? lightest(carriers, { target, weight, ledger, load });
    if (picked !== undefined) ledger.note(picked, target.job, weight, load);
    return picked;
  };
}

interface Placing {
  readonly target: Target;
  readonly weight: number;
  readonly ledger: WeightLedger;
  readonly load: Load;
}

/** The collector that would have the least weight for its capacity; of several, the one with the fewest of the job. */
function lightest(
  carriers: readonly Carrier[],
  { target, weight, ledger, load }: Placing,
): string | undefined {
  let least: string | undefined;
  let leastWeight = Infinity;
  let leastOfJob = Infinity;
  for (const { name, capacity } of carriers) {
    const share = (ledger.weight(name, load) + weight) / capacity;
    if (share > leastWeight) continue;
    const ofJob = load.targetsOfJob(name, target.job);
    if (share === leastWeight && ofJob >= leastOfJob) continue;
    [least, leastWeight, leastOfJob] = [name, share, ofJob];
  }
  return least;
}
