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

/** Path and query of a request for the objects. */
export function resourcePath(query: ResourceQuery, parameters: QueryParameters): string {
  const root = query.group === '' ? '/api' : `/apis/${encodeURIComponent(query.group)}`;
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
  return `${root}/${query.version}/${scope}${query.plural}?${search.toString()}`;
}
