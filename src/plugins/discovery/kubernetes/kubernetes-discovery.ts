import {
  defineServiceDiscovery,
  type KubernetesRole,
  type KubernetesSdConfig,
  type KubernetesServer,
  type PluginContext,
  type ServiceDiscovery,
} from '../../../plugin-api/index.js';
import { eventCounter } from './event-counter.js';
import { KubernetesDiscoveryError } from './kubernetes-discovery.errors.js';
import { KubernetesSource, type SourceOptions } from './kubernetes-source.js';
import type { WatchedKind } from './kinds.js';
import {
  endpointSliceRole,
  endpointsRole,
  ingressRole,
  nodeRole,
  podRole,
  serviceRole,
} from './roles.js';

/** Everything but the role. */
type Common = Omit<SourceOptions<WatchedKind>, 'role'>;

const sources: Readonly<Record<KubernetesRole, (common: Common) => ServiceDiscovery>> = {
  pod: (common) => new KubernetesSource({ ...common, role: podRole }),
  service: (common) => new KubernetesSource({ ...common, role: serviceRole }),
  endpoints: (common) => new KubernetesSource({ ...common, role: endpointsRole }),
  endpointslice: (common) => new KubernetesSource({ ...common, role: endpointSliceRole }),
  ingress: (common) => new KubernetesSource({ ...common, role: ingressRole }),
  node: (common) => new KubernetesSource({ ...common, role: nodeRole }),
};

/**
 * Target groups from the objects of a Kubernetes API server, label for label as Prometheus makes them.
 *
 * @see https://prometheus.io/docs/prometheus/3.14/configuration/configuration/#kubernetes_sd_config
 */
export const kubernetesDiscovery = defineServiceDiscovery<KubernetesSdConfig>({
  name: 'kubernetes',
  stability: 'stable',
  create: (config, context): ServiceDiscovery => {
    // Settings that can never work are found here, before anything runs.
    const server = serverOf(config, context);
    return sources[config.role]({
      config,
      server,
      namespaces: namespacesOf(config, server),
      clock: context.clock,
      logger: context.logger,
      countEvents: eventCounter(context.meter),
      failures: failureCounter(context),
    });
  },
});

function serverOf(config: KubernetesSdConfig, context: PluginContext): KubernetesServer {
  if (context.kubernetesServers === undefined) {
    throw new KubernetesDiscoveryError('this host gives no access to Kubernetes API servers');
  }
  return context.kubernetesServers.server(config);
}

/** The namespaces to watch, each one once; `undefined` is all of them at once. */
function namespacesOf(
  { namespaces }: KubernetesSdConfig,
  { ownNamespace }: KubernetesServer,
): readonly (string | undefined)[] {
  const { names = [], own_namespace = false } = namespaces ?? {};
  if (own_namespace && ownNamespace === undefined) {
    throw new KubernetesDiscoveryError(
      'namespaces.own_namespace needs a pod with a service account, and this is none; name the namespace in namespaces.names',
    );
  }
  const wanted = new Set([...names, ...(own_namespace ? [ownNamespace ?? ''] : [])]);
  return wanted.size === 0 || wanted.has('') ? [undefined] : [...wanted];
}

function failureCounter({ meter }: PluginContext) {
  const failures = meter.counter({
    name: 'prometheus_sd_kubernetes_failures_total',
    help: 'The number of failed WATCH/LIST requests.',
  });
  failures.add(0);
  return failures;
}
