import { compareUtf8 } from '../../labels/compare-utf8.js';
import { withFallback } from '../with-fallback.js';
import type { AllocationStrategy } from '../strategy.js';

const KEYS = 7;

function keyOf(address: string): number {
  let key = 0;
  for (const character of address) key = (key * 31 + (character.codePointAt(0) ?? 0)) % KEYS;
  return key;
}

/** By a key made of the address. Depends on nothing else. */
export const byKey: AllocationStrategy = {
  prepare(collectors) {
    const names = collectors.map(({ name }) => name).sort(compareUtf8);
    return ({ address }) => names[keyOf(address) % names.length];
  },
  keyed: {
    keyedBy: 'address',
    keys: KEYS,
    keyOf,
    owners(collectors) {
      const names = collectors.map(({ name }) => name).sort(compareUtf8);
      return Int32Array.from({ length: KEYS }, (_, key) =>
        collectors.findIndex(({ name }) => name === names[key % names.length]),
      );
    },
  },
};

/** By the node that the target names; a target without one, or with one that has no collector, has none. */
export const byNode: AllocationStrategy = {
  prepare(collectors) {
    const byName = collectors.toSorted((a, b) => compareUtf8(a.name, b.name));
    return ({ labels }) => byName.find(({ node }) => node === labels['__meta_node'])?.name;
  },
  whyUnassigned: ({ labels }) => `nobody on ${labels['__meta_node'] ?? 'no node'}`,
  reads: ['__meta_node'],
};

/** The collector with the fewest targets, then of the smallest name; a target stays where it is. */
export const leastLoaded: AllocationStrategy = {
  prepare: (collectors) => (_target, current, load) =>
    current ??
    collectors.toSorted(
      (a, b) => load.targets(a.name) - load.targets(b.name) || compareUtf8(a.name, b.name),
    )[0]?.name,
  sticky: true,
};

/** By node where there is one, else the collector with the fewest targets. It is not sticky, and yet depends on the past. */
export const byNodeOrLoad: AllocationStrategy = withFallback(
  { ...byNode, handles: ({ labels }) => labels['__meta_node'] !== undefined },
  { ...leastLoaded, reads: [] },
);
