import type { Informer, InformerRequest, KubernetesRole } from '../../../plugin-api/index.js';
import type { Dependencies, DependencyKind } from './groups/group-context.js';
import { slimEndpointSlice, type EndpointSlice } from './objects/endpoint-slice.js';
import { slimEndpoints, type Endpoints } from './objects/endpoints.js';
import { slimIngress, type Ingress } from './objects/ingress.js';
import { slimNode } from './objects/node.js';
import { slimNamespace, slimOwner } from './objects/owner.js';
import { slimPod } from './objects/pod.js';
import { slimService } from './objects/service.js';

/** Every kind of objects that is watched, as it is kept. */
export interface Watched extends Dependencies {
  readonly endpoints: Endpoints;
  readonly endpointSlice: EndpointSlice;
  readonly ingress: Ingress;
}
export type WatchedKind = keyof Watched;

/** How a kind is asked for, and what is kept of its objects. */
type KindRequest<K extends WatchedKind> = Pick<
  InformerRequest<Watched[K]>,
  'group' | 'version' | 'plural' | 'slim' | 'shape'
> & {
  /** The role whose selectors choose among the objects; `undefined`: all are taken. */
  readonly selectedBy: KubernetesRole | undefined;
  readonly isNamespaced: boolean;
};

/** All roles share the shapes, so that one watch of a kind serves them all. */
export const kinds: { readonly [K in WatchedKind]: KindRequest<K> } = {
  pod: kind('', 'v1', 'pods', { slim: slimPod, selectedBy: 'pod' }),
  service: kind('', 'v1', 'services', { slim: slimService, selectedBy: 'service' }),
  endpoints: kind('', 'v1', 'endpoints', { slim: slimEndpoints, selectedBy: 'endpoints' }),
  endpointSlice: kind('discovery.k8s.io', 'v1', 'endpointslices', {
    slim: slimEndpointSlice,
    selectedBy: 'endpointslice',
  }),
  ingress: kind('networking.k8s.io', 'v1', 'ingresses', {
    slim: slimIngress,
    selectedBy: 'ingress',
  }),
  node: kind('', 'v1', 'nodes', { slim: slimNode, selectedBy: 'node', isNamespaced: false }),
  namespace: kind('', 'v1', 'namespaces', { slim: slimNamespace, isNamespaced: false }),
  replicaSet: kind('apps', 'v1', 'replicasets', { slim: slimOwner }),
  job: kind('batch', 'v1', 'jobs', { slim: slimOwner }),
};

/** The caches that a source has open. */
export type Informers = { readonly [K in DependencyKind]?: Informer<Dependencies[K]> };

function kind<T>(
  group: string,
  version: string,
  plural: string,
  rest: {
    readonly slim: (object: unknown) => T;
    readonly selectedBy?: KubernetesRole;
    readonly isNamespaced?: boolean;
  },
) {
  const { slim, selectedBy, isNamespaced = true } = rest;
  return { group, version, plural, slim, shape: 'discovery', selectedBy, isNamespaced };
}
