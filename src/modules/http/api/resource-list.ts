import type { KindStatus, ResourceStatus, ResourceStatuses } from '../../custom-resources/index.js';

/** Some of the selected custom resources, and how their kinds fare. Described by `resourcesSchema`. */
export interface ResourceList {
  readonly unknown_reason: string | null;
  readonly kinds: readonly ListedKind[];
  readonly resources: readonly ListedResource[];
  /** `null`: there are no more. */
  readonly next_offset: number | null;
}

export interface ListedKind {
  readonly kind: string;
  readonly state: KindStatus['state'];
  readonly message: string | null;
  readonly seen: number;
  readonly selected: number;
}

export interface ListedResource {
  readonly kind: string;
  readonly namespace: string;
  readonly name: string;
  readonly state: ResourceStatus['state'];
  readonly reasons: readonly string[];
  readonly jobs: readonly string[];
  readonly generation: number | null;
}

export interface ResourceFilter {
  readonly kind?: string | undefined;
  readonly namespace?: string | undefined;
  readonly state?: ResourceStatus['state'] | undefined;
}

export interface ResourceListQuery extends ResourceFilter {
  readonly limit: number;
  readonly offset: number;
}

export function listResources(
  statuses: ResourceStatuses,
  query: ResourceListQuery,
  unknownReason: string | undefined,
): ResourceList {
  const { limit, offset } = query;
  const found = matchingResources(statuses, query);
  return {
    unknown_reason: unknownReason ?? null,
    kinds: statuses.kinds().map(listedKind),
    resources: found.slice(offset, offset + limit).map(listedResource),
    next_offset: found.length > offset + limit ? offset + limit : null,
  };
}

/** In the order of {@link ResourceStatuses.list}. */
export function matchingResources(
  statuses: ResourceStatuses,
  { kind, namespace, state }: ResourceFilter,
): readonly ResourceStatus[] {
  return statuses
    .list()
    .filter(
      (status) =>
        (kind === undefined || status.resource.kind === kind) &&
        (namespace === undefined || status.resource.metadata.namespace === namespace) &&
        (state === undefined || status.state === state),
    );
}

function listedKind({ kind, state, message, seen, selected }: KindStatus): ListedKind {
  return { kind, state, message: message ?? null, seen, selected };
}

function listedResource({ resource, state, reasons, jobs }: ResourceStatus): ListedResource {
  const { kind, metadata } = resource;
  const { namespace, name, generation = null } = metadata;
  return { kind, namespace, name, state, reasons, jobs, generation };
}
