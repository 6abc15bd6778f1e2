import type { Provider } from '@nestjs/common';
import { type AllocationStrategy, isStateful } from '../../plugin-api/index.js';
import { ALLOCATION_STRATEGY } from '../allocation/index.js';
import { ConfigService } from '../config/index.js';
import { KubernetesService } from '../kubernetes/index.js';
import { PluginHost } from '../plugins/index.js';
import { DecisionsFeed } from './decisions-feed.js';
import { KubernetesLeaseStore } from './election/lease-store.js';
import { Replica, type ReplicaOptions } from './replica.js';
import { DigestGauge } from './digest-gauge.js';
import { meterReplica } from './replica-metrics.js';
import { ReplicaSubject, ReplicaTools } from './replica-subject.js';
import { LEASE_STORE, REPLICA, REPLICA_PLACEMENT, SURROUNDINGS } from './replication.tokens.js';
import type { ReplicaSurroundings } from './surroundings.js';

/** The strategy that places targets where nobody decides. */
const placementStrategy = 'consistent-hashing';

/** How targets are placed that nobody decides about; `undefined` when no replica has to decide for others. */
export const replicaPlacementProvider: Provider = {
  provide: REPLICA_PLACEMENT,
  inject: [ALLOCATION_STRATEGY, PluginHost, ReplicaTools],
  useFactory: async (
    strategy: AllocationStrategy,
    host: PluginHost,
    { config, logger }: ReplicaTools,
  ): Promise<AllocationStrategy['keyed']> => {
    const { leaderElect, allocationStrategy } = config.current;
    if (!leaderElect) return undefined;
    if (!isStateful(strategy)) {
      logger.info('no leader is elected: all replicas place targets alike', {
        strategy: allocationStrategy,
      });
      return undefined;
    }
    const definition = host.definition('strategy', placementStrategy);
    const made = await host.make<AllocationStrategy>(definition, host.optionsOf(definition));
    return made.keyed;
  },
};

/** The Lease; `undefined` without a cluster, or when nobody says in which namespace this replica is. */
export const leaseStoreProvider: Provider = {
  provide: LEASE_STORE,
  inject: [ConfigService, KubernetesService, SURROUNDINGS],
  useFactory: (
    { current }: ConfigService,
    kubernetes: KubernetesService,
    surroundings: ReplicaSurroundings,
  ): KubernetesLeaseStore | undefined => {
    const own = surroundings.namespace ?? kubernetes.ownNamespace;
    const namespace = own ?? current.collectorNamespace;
    if (!kubernetes.isConfigured || namespace === '') return undefined;
    return new KubernetesLeaseStore(kubernetes, { namespace, name: current.leaseName });
  },
};

export const replicaProvider: Provider = {
  provide: REPLICA,
  inject: [REPLICA_PLACEMENT, LEASE_STORE, ReplicaSubject, ReplicaTools],
  useFactory: (
    keyed: AllocationStrategy['keyed'],
    store: ReplicaOptions['store'],
    { state, pipeline }: ReplicaSubject,
    { config, clock, logger }: ReplicaTools,
  ): Replica | undefined =>
    keyed &&
    new Replica({
      ...{ keyed, store, clock, logger },
      view: () => state.view,
      inTurn: (work) => pipeline.inTurn(work),
      knowsTargets: () => state.whyUnknown() === undefined,
      startupTimeoutMs: config.current.startupTimeoutMs,
    }),
};

export const decisionsFeedProvider: Provider = {
  provide: DecisionsFeed,
  inject: [REPLICA, ReplicaSubject, ReplicaTools],
  useFactory: (
    replica: Replica | undefined,
    { allocation }: ReplicaSubject,
    { clock }: ReplicaTools,
  ): DecisionsFeed => new DecisionsFeed(replica, allocation, clock),
};

export const digestGaugeProvider: Provider = {
  provide: DigestGauge,
  inject: [REPLICA, ReplicaSubject, ReplicaTools],
  useFactory: (
    replica: Replica | undefined,
    { allocation, state }: ReplicaSubject,
    { clock, meter }: ReplicaTools,
  ): DigestGauge => {
    const isKnown = (): boolean =>
      state.whyUnknown() === undefined && replica?.whyUndecided() === undefined;
    const gauge = new DigestGauge(allocation, clock, isKnown);
    meterReplica(meter, gauge, replica);
    return gauge;
  },
};
