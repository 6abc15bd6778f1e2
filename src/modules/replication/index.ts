export { AgreedStateModule } from './agreed-state.module.js';
export { ReplicaLifecycle } from './replica-lifecycle.js';
export { ReplicationModule } from './replication.module.js';
