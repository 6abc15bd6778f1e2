export { DiscoveryManager } from './discovery-manager.js';
export { DiscoveryModule } from './discovery.module.js';
export type { DiscoverySink } from './group-sink.js';
