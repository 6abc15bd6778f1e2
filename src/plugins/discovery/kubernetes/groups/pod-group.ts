import { labelSetOf, type LabelSet, type TargetGroup } from '../../../../plugin-api/index.js';
import { joinHostPort, metaPrefix, namespaceLabel } from '../labels.js';
import type { Container, Pod } from '../objects/pod.js';
import { attachedNamespaceLabels, attachedNodeLabels, type GroupContext } from './group-context.js';
import { containerLabels, containerPortLabels, podLabels } from './pod-labels.js';

export const podSource = (key: string): string => `pod/${key}`;

/**
 * A target for each declared port of each container, and one for a container without ports. With node labels wanted,
 * a pod on an unknown node is no target: a node selector has hidden the node.
 *
 * @see https://github.com/prometheus/prometheus/blob/v3.14.0/discovery/kubernetes/pod.go
 */
export function podGroup(pod: Pod, context: GroupContext): TargetGroup {
  const source = podSource(`${pod.namespace}/${pod.name}`);
  const isHidden = context.attach.node && context.find('node', pod.nodeName) === undefined;
  if (pod.ip === '' || isHidden) return { source, labels: labelSetOf([]), targets: [] };
  return {
    source,
    labels: labelSetOf([
      ...podLabels(pod, context),
      [namespaceLabel, pod.namespace],
      ...attachedNodeLabels(pod.nodeName, context),
      ...attachedNamespaceLabels(pod.namespace, context),
    ]),
    targets: pod.containers.flatMap((container) => containerTargets(container, pod.ip)),
  };
}

function containerTargets(container: Container, ip: string): readonly LabelSet[] {
  const id = [`${metaPrefix}pod_container_id`, container.id] as const;
  if (container.ports.length === 0) {
    // The port is the user's to add, so an IPv6 address is left without brackets.
    return [labelSetOf([['__address__', ip], id, ...containerLabels(container)])];
  }
  return container.ports.map((port) =>
    labelSetOf([
      ['__address__', joinHostPort(ip, port.number)],
      id,
      ...containerPortLabels(container, port),
    ]),
  );
}
