import { defineServiceDiscovery } from 'target-allocator/plugin-api';
import { EtcdGateway } from './etcd-gateway.js';
import { etcdSource } from './etcd-source.js';
import { configSchema, type EtcdSdConfig } from './options.js';

/** Target groups from the keys of an etcd, as they change. */
export const etcdDiscovery = defineServiceDiscovery<EtcdSdConfig>({
  name: 'etcd',
  stability: 'alpha',
  configSchema,
  create: (config, context) =>
    etcdSource({
      clients: config.endpoints.map((url) => new EtcdGateway(url, config, context.clock)),
      refreshIntervalMs: config.refreshIntervalMs,
      context,
    }),
});
