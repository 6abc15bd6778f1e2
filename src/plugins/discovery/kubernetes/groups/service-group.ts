import { labelSetOf, type LabelSet, type TargetGroup } from '../../../../plugin-api/index.js';
import { joinHostPort, metaPrefix, namespaceLabel, type LabelEntry } from '../labels.js';
import type { Service, ServicePort } from '../objects/service.js';
import { attachedNamespaceLabels, type GroupContext } from './group-context.js';

const prefix = `${metaPrefix}service_`;

export const serviceSource = (key: string): string => `svc/${key}`;

/**
 * A target for each port of a service, under its name in the cluster's DNS.
 *
 * @see https://github.com/prometheus/prometheus/blob/v3.14.0/discovery/kubernetes/service.go
 */
export function serviceGroup(service: Service, context: GroupContext): TargetGroup {
  return {
    source: serviceSource(`${service.namespace}/${service.name}`),
    labels: labelSetOf([
      ...serviceLabels(service),
      ...attachedNamespaceLabels(service.namespace, context),
    ]),
    targets: service.ports.map((port) => portTarget(service, port)),
  };
}

/** The labels of every target of a service, those of its endpoints among them. */
export function serviceLabels(service: Service): readonly LabelEntry[] {
  return [
    [namespaceLabel, service.namespace],
    [`${prefix}name`, service.name],
    ...service.metaLabels,
  ];
}

function portTarget(service: Service, port: ServicePort): LabelSet {
  const { type } = service;
  return labelSetOf([
    ['__address__', joinHostPort(`${service.name}.${service.namespace}.svc`, port.number)],
    [`${prefix}port_name`, port.name],
    [`${prefix}port_number`, port.number],
    [`${prefix}port_protocol`, port.protocol],
    [`${prefix}type`, type],
    type === 'ExternalName'
      ? [`${prefix}external_name`, service.externalName]
      : [`${prefix}cluster_ip`, service.clusterIp],
    ...(type === 'LoadBalancer'
      ? [[`${prefix}loadbalancer_ip`, service.loadBalancerIp] satisfies LabelEntry]
      : []),
  ]);
}
