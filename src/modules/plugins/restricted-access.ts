import type { Clock, PluginContext } from '../../plugin-api/index.js';
import { createHttpClient, type NetworkPolicy } from '../http-client/index.js';
import type { PluginEnvironment } from './plugins.tokens.js';

/** What an instance that may not reach everything has instead of the ways that are open to others. */
export function restrictedAccess(
  { proxies, kubernetesServers }: PluginEnvironment,
  clock: Clock,
  network: NetworkPolicy,
): Pick<PluginContext, 'httpClient' | 'kubernetesServers'> {
  return {
    httpClient: (config) => createHttpClient(config, { clock, proxies, network }),
    ...(kubernetesServers && {
      kubernetesServers: { server: (config) => kubernetesServers.server(config, network) },
    }),
  };
}
