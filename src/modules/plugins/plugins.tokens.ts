import type { KubernetesAccess, KubernetesServers } from '../../plugin-api/index.js';
import type { ProxyEnvironment } from '../http-client/index.js';

/** The {@link PluginEnvironment}. */
export const PLUGIN_ENVIRONMENT = Symbol('PluginEnvironment');

/** What plugins are given of the process around them. */
export interface PluginEnvironment {
  /** The proxies that the environment names, for `proxy_from_environment`. */
  readonly proxies: ProxyEnvironment;
  /** Access to the API server of the cluster that the allocator belongs to; absent outside one. */
  readonly kubernetes?: KubernetesAccess;
  /** Access to API servers by configuration. */
  readonly kubernetesServers?: KubernetesServers;
}
