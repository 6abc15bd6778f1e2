import { defineStrategy, type AllocationStrategy } from '../../../plugin-api/index.js';
import { PARTITIONS, partitionOf, partitionOwners } from './ring.js';

const strategy: AllocationStrategy = {
  prepare(collectors) {
    const owners = partitionOwners(collectors.map(({ name }) => name));
    return ({ address }) => collectors[owners[partitionOf(address)] ?? -1]?.name;
  },
  keyed: {
    keyedBy: 'address',
    keys: PARTITIONS,
    keyOf: partitionOf,
    owners: (collectors) => partitionOwners(collectors.map(({ name }) => name)),
  },
  reads: [],
};

/**
 * Places a target by its discovered `__address__` alone, so that the same collectors give the same answer in every
 * replica and few targets move when a collector comes or goes. The placement is that of the Go allocator.
 */
export const consistentHashing = defineStrategy({
  name: 'consistent-hashing',
  stability: 'stable',
  create: () => strategy,
});
