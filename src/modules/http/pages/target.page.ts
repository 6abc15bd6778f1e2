import type { TargetView } from '../../../core/allocation/allocation-view.js';
import { html, type Html } from './html.js';
import { layout } from './layout.js';
import { jobAnchor } from './links.js';
import { properties, table } from './table.js';
import { ownerOf } from './targets.page.js';

/** In the order in which the allocation looks for a target's node. */
const nodeLabels = [
  '__meta_kubernetes_pod_node_name',
  '__meta_kubernetes_node_name',
  '__meta_kubernetes_endpoint_node_name',
];

const shownLabels = [
  ['Namespace', '__meta_kubernetes_namespace'],
  ['Service Name', '__meta_kubernetes_service_name'],
  ['Service Port', '__meta_kubernetes_service_port'],
  ['Pod Name', '__meta_kubernetes_pod_name'],
  ['Container Name', '__meta_kubernetes_pod_container_name'],
  ['Container Port Name', '__meta_kubernetes_pod_container_port_name'],
  ['Endpoint Slice Name', '__meta_kubernetes_endpointslice_name'],
] as const;

/** One target: who has it, and all of its labels as collectors get them. */
export function targetPage(target: TargetView): Html {
  const { labels } = target;
  const named = shownLabels.map(([name, label]) => [name, labels[label]] as const);
  return layout({
    title: `Target: ${target.address}`,
    content: [
      properties([
        ['Collector', ownerOf(target)],
        ['Job', jobAnchor(target.job)],
        ['Node Name', nodeOf(target)],
        ...named,
        ['Hash', target.hash],
      ]),
      html`<h2>Labels</h2>`,
      table(
        ['Label', 'Value'],
        Object.keys(labels)
          .toSorted((a, b) => (a < b ? -1 : 1))
          .map((name) => [html`<code>${name}</code>`, html`<code>${labels[name]}</code>`]),
      ),
    ],
  });
}

function nodeOf({ labels }: TargetView): string | undefined {
  const named = nodeLabels.map((label) => labels[label]).find((node) => (node ?? '') !== '');
  if (named !== undefined) return named;
  const isNode = labels['__meta_kubernetes_endpointslice_address_target_kind'] === 'Node';
  return isNode ? labels['__meta_kubernetes_endpointslice_address_target_name'] : undefined;
}
