import type { Collector } from '../../core/allocation/collector.js';
import { labelSetOf } from '../../core/labels/label-set.js';
import type { Target } from '../../core/target/target.js';

/** Collectors `collector-0` … on nodes `node-0` … in zones `zone-a`, `zone-b`, `zone-c` by turns. */
export function sampleCollectors(count: number): readonly Collector[] {
  return Array.from({ length: count }, (_, index) => ({
    name: `collector-${String(index)}`,
    node: `node-${String(index)}`,
    labels: labelSetOf([['topology.kubernetes.io/zone', zoneOf(index)]]),
    annotations: labelSetOf([]),
  }));
}

/**
 * Targets of pods as Kubernetes discovery finds them, spread over nodes `node-0` … `node-9`, the zones of
 * {@link sampleCollectors} and three jobs of different sizes.
 */
export function sampleTargets(count: number): readonly Target[] {
  return Array.from({ length: count }, (_, index) => {
    const address = `10.0.${String(index >> 8)}.${String(index & 255)}:8080`;
    return {
      job: `job-${String(index % 6 === 0 ? 0 : index % 2 === 0 ? 1 : 2)}`,
      address,
      labels: labelSetOf([
        ['__address__', address],
        ['__meta_kubernetes_endpointslice_endpoint_zone', zoneOf(index)],
        ['__meta_kubernetes_namespace', `namespace-${String(index % 5)}`],
        ['__meta_kubernetes_pod_name', `pod-${String(index)}`],
        ['__meta_kubernetes_pod_node_name', `node-${String(index % 10)}`],
      ]),
    };
  });
}

function zoneOf(index: number): string {
  return `zone-${'abc'.charAt(index % 3)}`;
}
