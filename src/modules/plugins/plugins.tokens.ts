import type {
  CustomResourceHost,
  KubernetesAccess,
  KubernetesServer,
  KubernetesServerConfig,
  PluginContext,
} from '../../plugin-api/index.js';
import type { NetworkPolicy, ProxyEnvironment } from '../http-client/index.js';

/** The `InstalledPlugins`. */
export const INSTALLED_PLUGINS = Symbol('InstalledPlugins');
/** The {@link PluginEnvironment}. */
export const PLUGIN_ENVIRONMENT = Symbol('PluginEnvironment');

/** The injection token of a definition: `strategy/zone-aware`. */
export function definitionToken(key: string): symbol {
  return Symbol.for(`target-allocator.definition:${key}`);
}

/** Access to API servers by configuration, on which a policy can be laid. */
export interface RestrictableServers {
  server(config: KubernetesServerConfig, network?: NetworkPolicy): KubernetesServer;
}

/** What plugins are given of the process around them. */
export interface PluginEnvironment {
  /** The proxies that the environment names, for `proxy_from_environment`. */
  readonly proxies: ProxyEnvironment;
  /** Lets something join the readiness of the allocator; the answer ends that. */
  readonly joinReadiness?: NonNullable<PluginContext['joinReadiness']>;
  /** Access to the API server of the cluster that the allocator belongs to; absent outside one. */
  readonly kubernetes?: KubernetesAccess;
  /** Access to API servers by configuration. */
  readonly kubernetesServers?: RestrictableServers;
  /** Turns kinds of custom resources into sources of scrape configs. */
  readonly customResources?: CustomResourceHost;
}
