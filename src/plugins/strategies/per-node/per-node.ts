import {
  compareUtf8,
  defineStrategy,
  type AllocationStrategy,
  type LabelSet,
} from '../../../plugin-api/index.js';

const nodeLabels = [
  '__meta_kubernetes_pod_node_name',
  '__meta_kubernetes_node_name',
  '__meta_kubernetes_endpoint_node_name',
] as const;
const referenceKind = '__meta_kubernetes_endpointslice_address_target_kind';
const referenceName = '__meta_kubernetes_endpointslice_address_target_name';

/**
 * The node that a target runs on; `undefined`: none is known. Empty values do not count.
 *
 * @see https://github.com/open-telemetry/opentelemetry-operator/blob/main/cmd/otel-allocator/internal/target/target.go
 */
function nodeOf(labels: LabelSet): string | undefined {
  for (const name of nodeLabels) {
    const node = labels[name];
    if (node) return node;
  }
  const node = labels[referenceKind] === 'Node' ? labels[referenceName] : undefined;
  return node === '' ? undefined : node;
}

const strategy: AllocationStrategy = {
  prepare(collectors) {
    const byNode = new Map<string, string>();
    // While a collector is being replaced there may be two on a node: the one of the smallest name counts.
    for (const { name, node } of collectors.toSorted((a, b) => compareUtf8(b.name, a.name))) {
      if (node) byNode.set(node, name);
    }
    return ({ labels }) => byNode.get(nodeOf(labels) ?? '');
  },
  handles: ({ labels }) => nodeOf(labels) !== undefined,
  whyUnassigned({ labels }) {
    const node = nodeOf(labels);
    return node === undefined ? 'the target has no node' : `no collector on node ${node}`;
  },
  reads: [...nodeLabels, referenceKind, referenceName],
};

/**
 * Gives a target to the collector on its node. Targets without a node are left to the fallback strategy; those of a node
 * without a collector stay unassigned.
 */
export const perNode = defineStrategy({
  name: 'per-node',
  stability: 'stable',
  create: () => strategy,
});
