import { labelSetOf, type TargetGroup } from '../../../../plugin-api/index.js';
import { joinHostPort, labelName, metaPrefix, type LabelEntry } from '../labels.js';
import type { Node } from '../objects/node.js';

export const nodeSource = (key: string): string => `node/${key}`;

/** The first of them that a node has is its address. */
const addressTypes = [
  'InternalIP',
  'InternalDNS',
  'ExternalIP',
  'ExternalDNS',
  'LegacyHostIP',
  'Hostname',
] as const;

/**
 * The kubelet of a node as one target; none without an address.
 *
 * @see https://github.com/prometheus/prometheus/blob/v3.14.0/discovery/kubernetes/node.go
 */
export function nodeGroup(node: Node): TargetGroup {
  const source = nodeSource(node.name);
  const addresses = firstAddresses(node);
  const type = addressTypes.find((candidate) => addresses.has(candidate));
  const address = type === undefined ? undefined : addresses.get(type);
  if (address === undefined) return { source, labels: labelSetOf([]), targets: [] };
  const target = labelSetOf([
    ['__address__', joinHostPort(address, node.kubeletPort)],
    ['instance', node.name],
    ...[...addresses].map(([kind, text]): LabelEntry => [
      labelName(`${metaPrefix}node_address_`, kind),
      text,
    ]),
  ]);
  return { source, labels: labelSetOf(nodeLabels(node)), targets: [target] };
}

function nodeLabels(node: Node): readonly LabelEntry[] {
  return [
    [`${metaPrefix}node_provider_id`, node.providerId],
    ...node.conditions.map(({ type, status }): LabelEntry => [
      labelName(`${metaPrefix}node_condition_`, type.toLowerCase()),
      status.toLowerCase(),
    ]),
    [`${metaPrefix}node_name`, node.name],
    ...node.metaLabels,
  ];
}

/** A node may have several addresses of one type: the first one counts. */
function firstAddresses({ addresses }: Node): ReadonlyMap<string, string> {
  const first = new Map<string, string>();
  for (const { type, address } of addresses) {
    if (!first.has(type)) first.set(type, address);
  }
  return first;
}
