import type { AllocatorConfig } from '../config/index.js';
import { watchedScope, type WatchedScope } from '../custom-resources/index.js';
import { customResourceWatchers } from '../watchers/index.js';
import type { ClusterRight, RightReason } from './cluster-right.js';
import { type FollowedKind, followRight, kinds, type RightNote } from './discovery-rights.js';

interface MonitoringKind {
  readonly kind: string;
  readonly resource: string;
  readonly key: string;
}

/** By the names of the watchers. */
const monitoringKinds: ReadonlyMap<string, MonitoringKind> = new Map([
  ['service-monitor', monitoring('ServiceMonitor', 'servicemonitors', 'service_monitor')],
  ['pod-monitor', monitoring('PodMonitor', 'podmonitors', 'pod_monitor')],
  ['probe', monitoring('Probe', 'probes', 'probe')],
  ['scrape-config', monitoring('ScrapeConfig', 'scrapeconfigs', 'scrape_config')],
]);

/** One kind of custom resources as the configuration has it. */
interface Watched extends MonitoringKind {
  readonly scope: WatchedScope;
  readonly isSelected: boolean;
  /** Where resources are; `undefined`: in any namespace. */
  readonly namespaces: readonly (string | undefined)[];
}

/** What watching custom resources needs, and what the jobs do that are made of them. */
export function* customResourceRights(config: AllocatorConfig): Iterable<ClusterRight> {
  for (const watched of watchedKinds(config)) {
    yield* resourceRights(watched);
    if (!watched.isSelected) continue;
    yield* namespaceRights(watched);
    for (const namespace of watched.namespaces) {
      yield* generatedRights(watched, namespace, config);
      yield* referenceRights(watched, namespace, config);
      yield eventRight(watched, namespace);
    }
  }
}

/** What cannot be told from the configuration, because it is written in the resources. */
export function* customResourceNotes(config: AllocatorConfig): Iterable<RightNote> {
  for (const { kind, key, isSelected, namespaces } of watchedKinds(config)) {
    if (!isSelected) continue;
    const path = `prometheus_cr.${key}_selector`;
    if (kind === 'ScrapeConfig') {
      const text = `${kind}s with kubernetesSDConfigs need the rights of their roles and attachMetadata besides: list and watch where they look`;
      yield { path, text };
    } else if (
      !namespaces.includes(undefined) &&
      !config.prometheusCr.spec.ignoreNamespaceSelectors
    ) {
      const text = `a ${kind} whose namespaceSelector leads to other namespaces finds nothing there; the same rights are needed in them`;
      yield { path, text };
    }
  }
}

function* watchedKinds(config: AllocatorConfig): Iterable<Watched> {
  for (const { name, options } of customResourceWatchers(config, '')) {
    const kind = monitoringKinds.get(name);
    if (kind === undefined) continue;
    const scope = watchedScope(options.selection, config.collectorNamespace);
    const isSelected = options.selection.selector !== undefined;
    const namespaces = scope.resources.map(({ namespace }) => namespace);
    yield { ...kind, scope, isSelected, namespaces };
  }
}

function* resourceRights({ kind, resource, key, ...watched }: Watched): Iterable<ClusterRight> {
  const { isSelected, namespaces } = watched;
  const reason = isSelected
    ? {
        why: `${kind}s become jobs`,
        loss: `${kind}s make no jobs, or changes of them are not seen`,
      }
    : {
        why: `${kind}s are only counted, without a selector`,
        loss: 'nobody is told that there are some',
      };
  const path = `prometheus_cr.${isSelected ? `${key}_selector` : 'enabled'}`;
  const followed: FollowedKind = { group: 'monitoring.coreos.com', resource, isNamespaced: true };
  for (const namespace of namespaces) {
    const need = isSelected ? 'always' : 'sometimes';
    yield followRight(followed, namespace, { path, ...reason }, need);
  }
}

/** A list of one namespace by its name is allowed by the right to that name. */
function* namespaceRights({ kind, key, scope }: Watched): Iterable<ClusterRight> {
  if (scope.namespaces.length === 0) return;
  const reason: RightReason = {
    path: `prometheus_cr.${key}_namespace_selector`,
    why: `labels of namespaces select ${kind}s`,
    loss: `no namespace is selected, and no ${kind}`,
  };
  const right = followRight(kinds.namespaces, undefined, reason);
  const isEverywhere = scope.resources.every(({ namespace }) => namespace === undefined);
  if (isEverywhere) yield right;
  else
    for (const { namespace = '' } of scope.resources) yield { ...right, resourceName: namespace };
}

/** The discoveries that resources of the kind are turned into. */
function* generatedRights(
  { kind, key }: Watched,
  namespace: string | undefined,
  { prometheusCr: { spec } }: AllocatorConfig,
): Iterable<ClusterRight> {
  const path = `prometheus_cr.${key}_selector`;
  const targets = { path, why: `targets of ${kind}s`, loss: `jobs of ${kind}s find no targets` };
  const labels = (of: string) => ({
    path,
    why: `labels for targets of ${kind}s`,
    loss: `targets of ${kind}s lack the labels of ${of}`,
  });
  if (kind === 'ServiceMonitor') {
    const isOld = spec.serviceDiscoveryRole === 'Endpoints';
    yield followRight(isOld ? kinds.endpoints : kinds.endpointSlices, namespace, targets);
    yield followRight(kinds.services, namespace, labels('services'));
    yield followRight(kinds.pods, namespace, labels('pods'));
  }
  if (kind === 'PodMonitor') yield followRight(kinds.pods, namespace, targets);
  if (kind === 'Probe') {
    const why = 'targets of Probes with targets.ingress';
    yield followRight(kinds.ingresses, namespace, { ...targets, why }, 'sometimes');
  }
  if (kind === 'ServiceMonitor' || kind === 'PodMonitor') {
    const why = `labels for ${kind}s with attachMetadata.node`;
    yield followRight(kinds.nodes, undefined, { ...labels('nodes'), why }, 'sometimes');
  }
}

/** Secrets are read where they may be; changes are watched in the namespaces that are named for it. */
function* referenceRights(
  { kind, key }: Watched,
  namespace: string | undefined,
  { prometheusCr: { secretNamespaces }, collectorNamespace }: AllocatorConfig,
): Iterable<ClusterRight> {
  const loss = `jobs of ${kind}s that refer to one are left out`;
  const path = `prometheus_cr.${key}_selector`;
  const core = { group: '', need: 'sometimes' } as const;
  const inNamespace = namespace === undefined ? {} : { namespace };
  const config = { path, why: `${kind}s that refer to ConfigMaps`, loss };
  yield { ...core, resource: 'configmaps', verbs: ['get'], ...inNamespace, reasons: [config] };
  const why = `${kind}s that refer to Secrets`;
  const isNamed = secretNamespaces.length > 0;
  const isIn = (name: string): boolean => namespace === undefined || namespace === name;
  const secrets = { ...core, resource: 'secrets' };
  if (!isNamed)
    yield { ...secrets, verbs: ['get'], ...inNamespace, reasons: [{ path, why, loss }] };
  const named = { path: 'prometheus_cr.secret_namespaces', why };
  for (const name of (isNamed ? secretNamespaces : [collectorNamespace]).filter(isIn)) {
    if (name === '') continue;
    if (isNamed)
      yield { ...secrets, verbs: ['get'], namespace: name, reasons: [{ ...named, loss }] };
    const late = 'a changed Secret is seen within a minute instead of at once';
    const reason = { ...named, why: 'changes of Secrets; their values are not sent', loss: late };
    yield { ...secrets, verbs: ['list', 'watch'], namespace: name, reasons: [reason] };
  }
}

function eventRight({ kind, key }: Watched, namespace: string | undefined): ClusterRight {
  const reason = {
    path: `prometheus_cr.${key}_selector`,
    why: `${kind}s that are rejected are told so by an Event`,
    loss: 'who wrote it finds the reason in /api/v1/resources only',
  };
  return {
    ...{ group: '', resource: 'events', verbs: ['create'], need: 'sometimes', reasons: [reason] },
    ...(namespace !== undefined && { namespace }),
  };
}

function monitoring(kind: string, resource: string, key: string): MonitoringKind {
  return { kind, resource, key };
}
