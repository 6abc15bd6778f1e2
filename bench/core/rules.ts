import type { RelabelConfig } from '../../src/plugin-api/index.js';

export type RuleSet = 'none' | 'one' | 'eleven';

const pod = '__meta_kubernetes_pod_';
const service = '__meta_kubernetes_service_';

/** What the Prometheus operator makes of a ServiceMonitor with one endpoint and one label to take over. */
const likeServiceMonitor: readonly RelabelConfig[] = [
  { source_labels: ['job'], target_label: '__tmp_prometheus_job_name' },
  { source_labels: [`${pod}label_app`], regex: '(svc-.+)', action: 'keep' },
  { source_labels: [`${pod}container_port_name`], regex: 'metrics', action: 'keep' },
  { source_labels: [`${pod}phase`], regex: '(Failed|Succeeded)', action: 'drop' },
  { source_labels: ['__meta_kubernetes_namespace'], target_label: 'namespace' },
  { source_labels: [`${service}name`], target_label: 'service' },
  { source_labels: [`${pod}name`], target_label: 'pod' },
  { source_labels: [`${pod}container_name`], target_label: 'container' },
  { source_labels: [`${service}name`], target_label: 'job', replacement: '${1}' },
  { target_label: 'endpoint', replacement: 'metrics' },
  { regex: `${pod}label_(.+)`, action: 'labelmap' },
];

export const ruleSets: Readonly<Record<RuleSet, readonly RelabelConfig[]>> = {
  none: [],
  one: [{ source_labels: [`${pod}phase`], regex: 'Running', action: 'keep' }],
  eleven: likeServiceMonitor,
};
