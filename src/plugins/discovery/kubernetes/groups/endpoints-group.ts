import { labelSetOf, type LabelSet, type TargetGroup } from '../../../../plugin-api/index.js';
import { joinHostPort, metaPrefix, namespaceLabel, type LabelEntry } from '../labels.js';
import type { EndpointAddress, Endpoints, EndpointSubset } from '../objects/endpoints.js';
import { attachedNamespaceLabels, attachedNodeLabels, type GroupContext } from './group-context.js';
import { PodsBehind } from './pods-behind.js';
import { serviceLabels } from './service-group.js';

const prefix = `${metaPrefix}endpoint_`;

export const endpointsSource = (key: string): string => `endpoints/${key}`;

/**
 * A target for each address and port, and for further ports of the pods behind them.
 *
 * @see https://github.com/prometheus/prometheus/blob/v3.14.0/discovery/kubernetes/endpoints.go
 */
export function endpointsGroup(endpoints: Endpoints, context: GroupContext): TargetGroup {
  const { namespace, name } = endpoints;
  const key = `${namespace}/${name}`;
  const service = context.find('service', key);
  const pods = new PodsBehind(context);
  const targets = endpoints.subsets.flatMap(({ ports, addresses }) =>
    ports.flatMap((port) => addresses.map((address) => target(address, port, { pods, context }))),
  );
  return {
    source: endpointsSource(key),
    labels: labelSetOf([
      [namespaceLabel, namespace],
      ...(service === undefined ? [] : serviceLabels(service)),
      [`${metaPrefix}endpoints_name`, name],
      ...endpoints.metaLabels,
      ...attachedNamespaceLabels(namespace, context),
    ]),
    targets: [...targets, ...pods.otherTargets()],
  };
}

function target(
  address: EndpointAddress,
  port: EndpointSubset['ports'][number],
  { pods, context }: { readonly pods: PodsBehind; readonly context: GroupContext },
): LabelSet {
  const nodeName =
    address.nodeName ?? (address.target?.kind === 'Node' ? address.target.name : undefined);
  return labelSetOf([
    ['__address__', joinHostPort(address.ip, port.number)],
    [`${prefix}port_name`, port.name],
    [`${prefix}port_protocol`, port.protocol],
    [`${prefix}ready`, String(address.isReady)],
    ...addressLabels(address),
    ...attachedNodeLabels(nodeName, context),
    ...pods.labels(address.target, port.number, port.protocol),
  ]);
}

function addressLabels({ hostname, nodeName, target }: EndpointAddress): readonly LabelEntry[] {
  const labels: LabelEntry[] = [];
  if (target !== undefined) {
    labels.push([`${prefix}address_target_kind`, target.kind]);
    labels.push([`${prefix}address_target_name`, target.name]);
  }
  if (nodeName !== undefined) labels.push([`${prefix}node_name`, nodeName]);
  if (hostname !== '') labels.push([`${prefix}hostname`, hostname]);
  return labels;
}
