const clusterWide = ['ClusterRole', 'ClusterRoleBinding', 'Namespace'];

interface Identified {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: { readonly namespace?: string };
}

/** Where objects of this one's kind and namespace are in the API. */
export function pathOf({ apiVersion, kind, metadata }: Identified): string {
  const group = apiVersion.includes('/') ? `/apis/${apiVersion}` : `/api/${apiVersion}`;
  const plural = `${kind.toLowerCase()}s`.replace(/ys$/, 'ies');
  if (clusterWide.includes(kind)) return `${group}/${plural}`;
  return `${group}/namespaces/${metadata.namespace ?? ''}/${plural}`;
}
