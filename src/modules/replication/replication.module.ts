import { type DynamicModule, Module } from '@nestjs/common';
import { AllocationModule, ServedState } from '../allocation/index.js';
import type { Environment } from '../config/index.js';
import { KubernetesModule } from '../kubernetes/index.js';
import { TargetsModule } from '../targets/index.js';
import { DecisionsController } from './decisions.controller.js';
import { ReplicaLifecycle } from './replica-lifecycle.js';
import { ReplicaSubject, ReplicaTools } from './replica-subject.js';
import {
  decisionsFeedProvider,
  digestGaugeProvider,
  leaseStoreProvider,
  replicaPlacementProvider,
  replicaProvider,
} from './replication.providers.js';
import { OWN_STATE, SURROUNDINGS } from './replication.tokens.js';
import { readSurroundings } from './surroundings.js';

/** Several replicas that answer alike although their strategy depends on the past. */
@Module({})
export class ReplicationModule {
  static register(env: Environment): DynamicModule {
    return {
      module: ReplicationModule,
      imports: [AllocationModule, KubernetesModule, TargetsModule],
      controllers: [DecisionsController],
      providers: [
        { provide: SURROUNDINGS, useValue: readSurroundings(env) },
        { provide: OWN_STATE, useExisting: ServedState },
        decisionsFeedProvider,
        digestGaugeProvider,
        leaseStoreProvider,
        replicaPlacementProvider,
        replicaProvider,
        ReplicaLifecycle,
        ReplicaSubject,
        ReplicaTools,
      ],
      exports: [OWN_STATE, ReplicaLifecycle],
    };
  }
}
