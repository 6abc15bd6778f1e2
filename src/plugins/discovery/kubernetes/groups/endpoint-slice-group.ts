import { labelSetOf, type TargetGroup } from '../../../../plugin-api/index.js';
import { joinHostPort, metaPrefix, namespaceLabel, type LabelEntry } from '../labels.js';
import type { EndpointSlice, SliceEndpoint, SlicePort } from '../objects/endpoint-slice.js';
import { attachedNamespaceLabels, attachedNodeLabels, type GroupContext } from './group-context.js';
import { PodsBehind } from './pods-behind.js';
import { serviceLabels } from './service-group.js';

const prefix = `${metaPrefix}endpointslice_`;

export const endpointSliceSource = (key: string): string => `endpointslice/${key}`;

/**
 * A target for each address and port, and for further ports of the pods behind them. Of a service with two IP families
 * only the slices of the first one count, because the others are the same targets again.
 *
 * @see https://github.com/prometheus/prometheus/blob/v3.14.0/discovery/kubernetes/endpointslice.go
 */
export function endpointSliceGroup(slice: EndpointSlice, context: GroupContext): TargetGroup {
  const { namespace, name, addressType, serviceName } = slice;
  const service =
    serviceName === undefined ? undefined : context.find('service', `${namespace}/${serviceName}`);
  const family = service?.primaryIpFamily;
  const isCounted = family === undefined || family === addressType;
  return {
    source: endpointSliceSource(`${namespace}/${name}`),
    labels: labelSetOf([
      [namespaceLabel, namespace],
      [`${prefix}address_type`, addressType],
      [`${prefix}name`, name],
      ...slice.metaLabels,
      ...(service === undefined ? [] : serviceLabels(service)),
      ...attachedNamespaceLabels(namespace, context),
    ]),
    targets: isCounted ? sliceTargets(slice, context) : [],
  };
}

function sliceTargets(
  { endpoints, ports }: EndpointSlice,
  context: GroupContext,
): TargetGroup['targets'] {
  const pods = new PodsBehind(context);
  const targets = endpoints.flatMap((endpoint) => {
    const nodeLabels = attachedNodeLabels(nodeOf(endpoint), context);
    return ports.flatMap((port) =>
      endpoint.addresses.map((address) =>
        labelSetOf([
          ['__address__', port.number === undefined ? address : joinHostPort(address, port.number)],
          ...portLabels(port),
          ...endpoint.labels,
          ...nodeLabels,
          ...pods.labels(endpoint.target, port.number),
        ]),
      ),
    );
  });
  return [...targets, ...pods.otherTargets()];
}

function nodeOf({ nodeName, target }: SliceEndpoint): string | undefined {
  return target?.kind === 'Node' ? target.name : nodeName;
}

function portLabels(port: SlicePort): readonly LabelEntry[] {
  const labels: LabelEntry[] = [];
  if (port.name !== undefined) labels.push([`${prefix}port_name`, port.name]);
  if (port.protocol !== undefined) labels.push([`${prefix}port_protocol`, port.protocol]);
  if (port.number !== undefined) labels.push([`${prefix}port`, port.number]);
  if (port.appProtocol !== undefined) labels.push([`${prefix}port_app_protocol`, port.appProtocol]);
  return labels;
}
