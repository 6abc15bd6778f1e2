import type { LabelSet, TargetGroup } from '../../src/plugin-api/index.js';

/** Pods of a cluster: how many targets they have, in groups of which size, with how many labels. */
export interface Workload {
  readonly targets: number;
  readonly perGroup: number;
  readonly labels: number;
}

/** As many as there are collectors, so that every pod's node has one. */
const nodes = 10;
/** The labels that each target has of its own; the rest is its pod's. */
const ownLabels = 3;

/** The n-th pod as Kubernetes discovery reports it. */
export function podGroup(n: number, { perGroup, labels }: Workload, change?: number): TargetGroup {
  const ip = `10.${String((n >> 16) & 255)}.${String((n >> 8) & 255)}.${String(n & 255)}`;
  return {
    source: `pod/${String(n)}`,
    labels: podLabels(n, labels - ownLabels, change),
    targets: Array.from({ length: perGroup }, (_, port) => ({
      __address__: `${ip}:${String(9090 + port)}`,
      __meta_kubernetes_pod_container_port_name: 'metrics',
      __meta_kubernetes_pod_container_port_number: String(9090 + port),
    })),
  };
}

/** About a third of the values are the pod's own. */
function podLabels(n: number, width: number, change: number | undefined): LabelSet {
  const hash = ((n * 2_654_435_761) >>> 0).toString(16).padStart(8, '0');
  const app = `svc-${String(n % 1999)}`;
  const labels: Record<string, string> = {
    __meta_kubernetes_namespace: `team-${String(n % 211)}`,
    __meta_kubernetes_service_name: app,
    __meta_kubernetes_pod_name: `${app}-${hash}`,
    __meta_kubernetes_pod_uid: `${hash}-14f8-481e-a937-000000000000`,
    __meta_kubernetes_pod_node_name: nodeName(n % nodes),
    __meta_kubernetes_pod_phase: 'Running',
    __meta_kubernetes_pod_container_name: 'main',
    __meta_kubernetes_pod_label_app: app,
    __meta_kubernetes_pod_label_version: `v${String(change ?? n % 7)}`,
  };
  for (let i = Object.keys(labels).length; i < width; i += 1) {
    labels[`__meta_kubernetes_pod_annotation_${String(i)}`] =
      `value-${String(i)}-${String(n % 50)}`;
  }
  return labels;
}

export function nodeName(n: number): string {
  return `node-${String(n)}`;
}
