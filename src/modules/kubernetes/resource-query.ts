/** Which objects are meant: a kind, where, and which of them. */
export interface ResourceQuery {
  /** `''` for the core group. */
  readonly group: string;
  readonly version: string;
  readonly plural: string;
  /** Absent: all namespaces. */
  readonly namespace?: string;
  readonly labelSelector?: string;
  readonly fieldSelector?: string;
  /** Only names, labels and versions are asked for, and no more than these is sent. */
  readonly metadataOnly?: boolean;
}

/** One object in a namespace. */
export interface ObjectName extends Pick<ResourceQuery, 'group' | 'version' | 'plural'> {
  readonly namespace: string;
  readonly name: string;
}

/** Parameters that may be left out: `undefined` and `''` are not sent. */
export type QueryParameters = Readonly<Record<string, string | undefined>>;

/** The resource as RBAC and operators name it: `pods`, `servicemonitors.monitoring.coreos.com`. */
export function resourceName(query: ResourceQuery): string {
  return query.group === '' ? query.plural : `${query.plural}.${query.group}`;
}

/** `pods in namespace observability`, for messages. */
export function describeResource(query: ResourceQuery): string {
  const where = query.namespace === undefined ? 'all namespaces' : `namespace ${query.namespace}`;
  return `${resourceName(query)} in ${where}`;
}

/**
 * What a request for the objects accepts; `undefined`: whole objects. A server that cannot leave the rest out sends whole
 * objects all the same.
 *
 * @see https://kubernetes.io/docs/reference/using-api/api-concepts/#metadata-only-fetches
 */
export function acceptOf(
  { metadataOnly }: ResourceQuery,
  answer: 'list' | 'watch',
): string | undefined {
  if (metadataOnly !== true) return undefined;
  const kind = answer === 'list' ? 'PartialObjectMetadataList' : 'PartialObjectMetadata';
  return `application/json;as=${kind};g=meta.k8s.io;v=v1, application/json`;
}

/** Path of one object. */
export function objectPath(object: ObjectName): string {
  const namespace = `namespaces/${encodeURIComponent(object.namespace)}`;
  return `${rootOf(object)}/${namespace}/${object.plural}/${encodeURIComponent(object.name)}`;
}

/** Path and query of a request for the objects. */
export function resourcePath(query: ResourceQuery, parameters: QueryParameters): string {
  const scope =
    query.namespace === undefined ? '' : `namespaces/${encodeURIComponent(query.namespace)}/`;
  const search = new URLSearchParams();
  const all: QueryParameters = {
    labelSelector: query.labelSelector,
    fieldSelector: query.fieldSelector,
    ...parameters,
  };
  for (const [name, value] of Object.entries(all)) {
    if (value !== undefined && value !== '') search.set(name, value);
  }
  return `${rootOf(query)}/${scope}${query.plural}?${search.toString()}`;
}

function rootOf({ group, version }: Pick<ResourceQuery, 'group' | 'version'>): string {
  return group === '' ? `/api/${version}` : `/apis/${encodeURIComponent(group)}/${version}`;
}
