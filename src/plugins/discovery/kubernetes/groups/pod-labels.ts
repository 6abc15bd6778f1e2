import { metaPrefix, type LabelEntry } from '../labels.js';
import type { Container, ContainerPort, Pod } from '../objects/pod.js';
import type { GroupContext } from './group-context.js';

const prefix = `${metaPrefix}pod_`;

/** The labels of every target of a pod. */
export function podLabels(pod: Pod, context: GroupContext): readonly LabelEntry[] {
  return [
    [`${prefix}ip`, pod.ip],
    [`${prefix}ready`, pod.ready],
    [`${prefix}phase`, pod.phase],
    [`${prefix}node_name`, pod.nodeName],
    [`${prefix}host_ip`, pod.hostIp],
    [`${prefix}uid`, pod.uid],
    [`${prefix}name`, pod.name],
    ...pod.metaLabels,
    ...controllerLabels(pod, context),
  ];
}

/** The labels of a container's port. */
export function containerPortLabels(
  container: Container,
  port: ContainerPort,
): readonly LabelEntry[] {
  return [
    [`${prefix}container_name`, container.name],
    [`${prefix}container_image`, container.image],
    [`${prefix}container_port_name`, port.name],
    [`${prefix}container_port_number`, port.number],
    [`${prefix}container_port_protocol`, port.protocol],
    [`${prefix}container_init`, String(container.isInit)],
  ];
}

/** The labels of a container without ports. */
export function containerLabels(container: Container): readonly LabelEntry[] {
  return [
    [`${prefix}container_name`, container.name],
    [`${prefix}container_image`, container.image],
    [`${prefix}container_init`, String(container.isInit)],
  ];
}

function controllerLabels(pod: Pod, context: GroupContext): readonly LabelEntry[] {
  const { controller, namespace } = pod;
  if (controller === undefined) return [];
  const key = `${namespace}/${controller.name}`;
  return [
    ...unlessEmpty('controller_kind', controller.kind),
    ...unlessEmpty('controller_name', controller.name),
    ...(controller.kind === 'ReplicaSet' ? deploymentLabels(key, context) : []),
    ...(controller.kind === 'Job' ? jobLabels(key, controller.name, context) : []),
  ];
}

/** The Deployment behind a ReplicaSet. */
function deploymentLabels(key: string, context: GroupContext): readonly LabelEntry[] {
  const owner = context.attach.deployment ? context.find('replicaSet', key)?.controller : undefined;
  return owner?.kind === 'Deployment' ? [[`${prefix}deployment_name`, owner.name]] : [];
}

/** A Job, and the CronJob behind it. */
function jobLabels(key: string, name: string, context: GroupContext): readonly LabelEntry[] {
  const owner = context.attach.cronjob ? context.find('job', key)?.controller : undefined;
  const labels: LabelEntry[] = [];
  if (context.attach.job) labels.push([`${prefix}job_name`, name]);
  if (owner?.kind === 'CronJob') labels.push([`${prefix}cronjob_name`, owner.name]);
  return labels;
}

function unlessEmpty(name: string, value: string): readonly LabelEntry[] {
  return value === '' ? [] : [[prefix + name, value]];
}
