import type {
  KubernetesRole,
  KubernetesSdConfig,
  PrometheusConfig,
} from '../../core/scrape-config/model.js';
import type { ClusterRight, RightReason } from './cluster-right.js';

/** What informers do. */
const followed = ['list', 'watch'] as const;

/** A kind that is followed by an informer. */
export interface FollowedKind {
  readonly group: string;
  readonly resource: string;
  /** Nodes and namespaces are not. */
  readonly isNamespaced: boolean;
}

export const kinds = {
  pods: namespaced('', 'pods'),
  services: namespaced('', 'services'),
  endpoints: namespaced('', 'endpoints'),
  endpointSlices: namespaced('discovery.k8s.io', 'endpointslices'),
  ingresses: namespaced('networking.k8s.io', 'ingresses'),
  replicaSets: namespaced('apps', 'replicasets'),
  jobs: namespaced('batch', 'jobs'),
  nodes: { group: '', resource: 'nodes', isNamespaced: false },
  namespaces: { group: '', resource: 'namespaces', isNamespaced: false },
} as const satisfies Record<string, FollowedKind>;

/** The kind that targets are made of, then those that their labels come from. */
const kindsOfRole: Readonly<Record<KubernetesRole, readonly [FollowedKind, ...FollowedKind[]]>> = {
  pod: [kinds.pods],
  service: [kinds.services],
  endpoints: [kinds.endpoints, kinds.services, kinds.pods],
  endpointslice: [kinds.endpointSlices, kinds.services, kinds.pods],
  ingress: [kinds.ingresses],
  node: [kinds.nodes],
};
const rolesWithPods: readonly KubernetesRole[] = ['pod', 'endpoints', 'endpointslice'];

type Attach = NonNullable<KubernetesSdConfig['attach_metadata']>;

/** The job of a CronJob must be looked up, the name of a Job is in its pods. */
const attachable = [
  ['node', kinds.nodes],
  ['deployment', kinds.replicaSets],
  ['cronjob', kinds.jobs],
] as const satisfies readonly (readonly [keyof Attach, FollowedKind])[];

/** A setting that asks for something which the rights to the own cluster have no part in. */
export interface RightNote {
  readonly path: string;
  readonly text: string;
}

/** A right to follow a kind. @param namespace Where; kinds without namespaces are followed everywhere. */
export function followRight(
  { group, resource, isNamespaced }: FollowedKind,
  namespace: string | undefined,
  reason: RightReason,
  need: ClusterRight['need'] = 'always',
): ClusterRight {
  return {
    ...{ group, resource, verbs: followed, need, reasons: [reason] },
    ...(isNamespaced && namespace !== undefined && { namespace }),
  };
}

/** What the `kubernetes_sd_configs` of the file need. @param ownNamespace Where the allocator runs. */
export function* discoveryRights(
  { scrape_configs }: PrometheusConfig,
  ownNamespace: string,
): Iterable<ClusterRight> {
  for (const { config, job, path } of kubernetesDiscoveries(scrape_configs)) {
    if (isForeign(config)) continue;
    for (const namespace of namespacesOf(config, ownNamespace)) {
      yield* rightsOf(config, namespace, { job, path });
    }
  }
}

/** Which of them are about other clusters. */
export function* foreignDiscoveries({ scrape_configs }: PrometheusConfig): Iterable<RightNote> {
  for (const { config, path } of kubernetesDiscoveries(scrape_configs)) {
    if (!isForeign(config)) continue;
    const how = config.api_server === undefined ? 'kubeconfig_file' : 'api_server';
    yield {
      path: `${path}.${how}`,
      text: 'an API server of its own: needs nothing in this cluster',
    };
  }
}

interface Place {
  readonly job: string;
  readonly path: string;
}

function* kubernetesDiscoveries(
  jobs: PrometheusConfig['scrape_configs'],
): Iterable<Place & { readonly config: KubernetesSdConfig }> {
  for (const { job_name, kubernetes_sd_configs = [] } of jobs) {
    const job = JSON.stringify(job_name);
    for (const [index, config] of kubernetes_sd_configs.entries()) {
      const path = `config.scrape_configs[${job}].kubernetes_sd_configs[${String(index)}]`;
      yield { config, job, path };
    }
  }
}

function isForeign({ api_server, kubeconfig_file }: KubernetesSdConfig): boolean {
  return api_server !== undefined || kubeconfig_file !== '';
}

function namespacesOf(
  { namespaces }: KubernetesSdConfig,
  ownNamespace: string,
): readonly (string | undefined)[] {
  const { names = [], own_namespace = false } = namespaces ?? {};
  const wanted = new Set([...names, ...(own_namespace ? [ownNamespace] : [])]);
  return wanted.size === 0 || wanted.has('') ? [undefined] : [...wanted];
}

function* rightsOf(
  config: KubernetesSdConfig,
  namespace: string | undefined,
  { job, path }: Place,
): Iterable<ClusterRight> {
  const { role } = config;
  const [primary, ...further] = kindsOfRole[role];
  const at = { path: `${path}.role`, why: `role ${role} of job ${job}` };
  const loss = `job ${job} finds no targets or does not follow them`;
  yield followRight(primary, namespace, { ...at, loss });
  for (const kind of further) yield followRight(kind, namespace, { ...at, loss: lacks(job, kind) });
  for (const { kind, name } of attachedKinds(config)) {
    const attached = { path: `${path}.attach_metadata.${name}`, why: `labels for job ${job}` };
    yield followRight(kind, namespace, { ...attached, loss: lacks(job, kind) });
  }
}

function* attachedKinds({
  role,
  attach_metadata: attach,
}: KubernetesSdConfig): Iterable<{ readonly name: string; readonly kind: FollowedKind }> {
  if (attach === undefined || role === 'node') return;
  if (attach.namespace) yield { name: 'namespace', kind: kinds.namespaces };
  if (!rolesWithPods.includes(role)) return;
  for (const [name, kind] of attachable) if (attach[name]) yield { name, kind };
}

function lacks(job: string, { resource }: FollowedKind): string {
  return `targets of job ${job} lack the labels of ${resource}`;
}

function namespaced(group: string, resource: string): FollowedKind {
  return { group, resource, isNamespaced: true };
}
