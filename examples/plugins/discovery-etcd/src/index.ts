import { definePlugin } from 'target-allocator/plugin-api';
import { etcdDiscovery } from './etcd-discovery.js';

export default definePlugin({ name: 'ta-plugin-etcd', provides: [etcdDiscovery] });
