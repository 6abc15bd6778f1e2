import { keepRule } from './rules.js';
import type { RelabelRule } from './relabelings.js';

/** Keeps the targets of a container's port, by name or number; port 0 and the empty name keep all. */
export function containerPortRules(port: number | string | undefined): readonly RelabelRule[] {
  if (port === undefined || port === 0 || port === '') return [];
  const by = typeof port === 'number' ? 'number' : 'name';
  return [keepRule(`__meta_kubernetes_pod_container_port_${by}`, String(port))];
}

/** The label that tells the jobs of one resource apart. */
export function endpointRules(port: number | string | undefined): readonly RelabelRule[] {
  if (port === undefined || port === '') return [];
  return [{ target_label: 'endpoint', replacement: String(port) }];
}
