import type { Cluster } from '../../../fixtures/cluster/cluster.js';
import type { KubernetesObject } from '../chart.js';
import { pathOf } from '../object-path.js';

const mergePatch = 'application/merge-patch+json';

/** `kubectl apply --server-side`, where unknown fields are errors. */
export async function apply(cluster: Cluster, objects: readonly KubernetesObject[]): Promise<void> {
  const options = 'fieldManager=admin&force=true&fieldValidation=Strict';
  for (const object of objects) {
    const path = `${pathOf(object)}/${object.metadata.name}?${options}`;
    await cluster.api('PATCH', path, object, 'application/apply-patch+yaml');
  }
}

export interface PodPlace {
  readonly node: string;
  readonly ip: string;
}

/** The n-th pod of a workload, as its controller and a kubelet would have made it: running and ready. */
export async function createPodOf(
  cluster: Cluster,
  { metadata: { name, namespace = '' }, spec }: KubernetesObject,
  n: number,
  { node, ip }: PodPlace,
): Promise<string> {
  const pods = `/api/v1/namespaces/${namespace}/pods`;
  const podName = `${name}-${String(n)}`;
  const { template } = spec ?? {};
  await cluster.api('POST', pods, {
    metadata: { ...template?.metadata, name: podName },
    spec: { ...template?.spec, nodeName: node, terminationGracePeriodSeconds: 0 },
  });
  const status = { podIP: ip, podIPs: [{ ip }] };
  await cluster.pods.setStatus(namespace, podName);
  await cluster.api('PATCH', `${pods}/${podName}/status`, { status }, mergePatch);
  return podName;
}
