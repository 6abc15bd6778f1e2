import type { KubernetesRole, TargetGroup } from '../../../plugin-api/index.js';
import { endpointSliceGroup, endpointSliceSource } from './groups/endpoint-slice-group.js';
import { endpointsGroup, endpointsSource } from './groups/endpoints-group.js';
import type { AttachMetadata, DependencyKind, GroupContext } from './groups/group-context.js';
import { ingressGroup, ingressSource } from './groups/ingress-group.js';
import { nodeGroup, nodeSource } from './groups/node-group.js';
import { podGroup, podSource } from './groups/pod-group.js';
import { serviceGroup, serviceSource } from './groups/service-group.js';
import type { Watched, WatchedKind } from './kinds.js';

/** What a role makes target groups of, one of each object of its kind, and how. */
export interface Role<K extends WatchedKind> {
  readonly role: KubernetesRole;
  readonly kind: K;
  /** The kinds that labels come from besides, given what is wanted. */
  readonly dependencies: (attach: AttachMetadata) => readonly DependencyKind[];
  /** Names the group of the object with that key. */
  readonly source: (key: string) => string;
  readonly group: (object: Watched[K], context: GroupContext) => TargetGroup;
}

export const podRole: Role<'pod'> = {
  role: 'pod',
  kind: 'pod',
  dependencies: (attach) => [...aroundPods(attach)],
  source: podSource,
  group: podGroup,
};

export const serviceRole: Role<'service'> = {
  role: 'service',
  kind: 'service',
  dependencies: namespaceOnly,
  source: serviceSource,
  group: serviceGroup,
};

export const endpointsRole: Role<'endpoints'> = {
  role: 'endpoints',
  kind: 'endpoints',
  dependencies: (attach) => ['service', 'pod', ...aroundPods(attach)],
  source: endpointsSource,
  group: endpointsGroup,
};

export const endpointSliceRole: Role<'endpointSlice'> = {
  role: 'endpointslice',
  kind: 'endpointSlice',
  dependencies: (attach) => ['service', 'pod', ...aroundPods(attach)],
  source: endpointSliceSource,
  group: endpointSliceGroup,
};

export const ingressRole: Role<'ingress'> = {
  role: 'ingress',
  kind: 'ingress',
  dependencies: namespaceOnly,
  source: ingressSource,
  group: ingressGroup,
};

export const nodeRole: Role<'node'> = {
  role: 'node',
  kind: 'node',
  dependencies: () => [],
  source: nodeSource,
  group: nodeGroup,
};

function aroundPods(attach: AttachMetadata): readonly DependencyKind[] {
  return [
    ...(attach.node ? (['node'] as const) : []),
    ...namespaceOnly(attach),
    ...(attach.deployment ? (['replicaSet'] as const) : []),
    // The name of a Job is in the pod already; only the CronJob behind it must be looked up.
    ...(attach.cronjob ? (['job'] as const) : []),
  ];
}

function namespaceOnly({ namespace }: AttachMetadata): readonly DependencyKind[] {
  return namespace ? ['namespace'] : [];
}
