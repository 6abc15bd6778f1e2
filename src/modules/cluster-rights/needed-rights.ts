import type { AllocatorConfig } from '../config/index.js';
import { type ClusterRight, mergeRights } from './cluster-right.js';
import { customResourceNotes, customResourceRights } from './custom-resource-rights.js';
import {
  discoveryRights,
  followRight,
  foreignDiscoveries,
  kinds,
  type RightNote,
} from './discovery-rights.js';

/** What a configuration does not say. */
export interface RightsContext {
  /** Where the allocator runs. */
  readonly ownNamespace: string;
}

/** What a configuration needs of the cluster that the allocator belongs to. */
export interface NeededRights {
  /** Each once, with everything that asks for it. */
  readonly rights: readonly ClusterRight[];
  /** What the rights leave out, and why. */
  readonly notes: readonly RightNote[];
}

/** The least rights with which everything that the configuration asks for works, and why each is needed. */
export function neededRights(config: AllocatorConfig, context: RightsContext): NeededRights {
  return {
    rights: mergeRights([
      ...collectorRights(config),
      ...discoveryRights(config.prometheus, context.ownNamespace),
      ...customResourceRights(config),
      ...(electsLeader(config) ? leaseRights(config, context.ownNamespace) : []),
    ]),
    notes: [
      ...foreignDiscoveries(config.prometheus),
      ...customResourceNotes(config),
      ...config.plugins.map(({ package: name }, index) => ({
        path: `plugins[${String(index)}]`,
        text: `${name} may watch further kinds: its documentation says which`,
      })),
    ],
  };
}

function* collectorRights(config: AllocatorConfig): Iterable<ClusterRight> {
  const { type, options } = config.collectorSource;
  if (type !== 'kubernetes') return;
  const isSelected =
    config.collectorSelector !== undefined || 'selector' in options || 'labelSelector' in options;
  if (!isSelected) return;
  const { namespace = config.collectorNamespace } = options;
  if (typeof namespace !== 'string') return;
  yield followRight(kinds.pods, namespace, {
    path: 'collector_selector',
    why: 'the collectors are pods',
    loss: 'no collector is known, or changes of them are not seen: no target is assigned',
  });
}

/** Strategies that come to the same answers in every replica, so that nobody has to decide for others. */
const pureStrategies: readonly (string | undefined)[] = [
  'consistent-hashing',
  'per-node',
  undefined,
];

/** Whether replicas elect one that decides: they are told to, and a strategy may depend on the past. */
function electsLeader(config: AllocatorConfig): boolean {
  const { leaderElect, allocationStrategy, allocationFallbackStrategy } = config;
  const isPure = [allocationStrategy, allocationFallbackStrategy].every((name) =>
    pureStrategies.includes(name),
  );
  return leaderElect && !isPure;
}

/** A Lease that is not there yet has no name that a right could be bound to. */
function* leaseRights(config: AllocatorConfig, namespace: string): Iterable<ClusterRight> {
  const reason = {
    path: 'allocation_strategy',
    why: `${config.allocationStrategy} decides in one replica, which a Lease names`,
    loss: 'replicas cannot agree on who decides: targets are placed without regard to what was before',
  };
  const leases = { group: 'coordination.k8s.io', resource: 'leases', namespace } as const;
  const needed = { need: 'always', reasons: [reason] } as const;
  yield { ...leases, verbs: ['create'], ...needed };
  yield { ...leases, verbs: ['get', 'update'], resourceName: config.leaseName, ...needed };
}
