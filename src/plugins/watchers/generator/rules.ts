import type { RelabelRule } from './relabelings.js';

/** Keeps the job's name where rules may overwrite the label. */
export const firstRules: readonly RelabelRule[] = [
  { source_labels: ['job'], target_label: '__tmp_prometheus_job_name' },
];

export function copyRule(source: string, target: string): RelabelRule {
  return { source_labels: [source], target_label: target };
}

export function keepRule(label: string, regex: string): RelabelRule {
  return { action: 'keep', source_labels: [label], regex };
}

/** Drops the targets of pods that have ended, unless a resource wants them. */
export function runningRules(filterRunning: boolean | undefined): readonly RelabelRule[] {
  if (filterRunning === false) return [];
  const source_labels = ['__meta_kubernetes_pod_phase'];
  return [{ action: 'drop', source_labels, regex: '(Failed|Succeeded)' }];
}
