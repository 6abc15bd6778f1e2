export { DiscoveryManager } from './discovery-manager.js';
export { DiscoveryModule } from './discovery.module.js';
export type { DiscoverySink, JobProviderChanges } from './group-sink.js';
