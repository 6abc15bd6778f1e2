import { availableParallelism, totalmem } from 'node:os';

interface EnvVar {
  readonly name: string;
  readonly value?: string;
  readonly valueFrom?: {
    readonly fieldRef?: { readonly fieldPath: string };
    readonly resourceFieldRef?: { readonly resource: string };
  };
}
export interface Probe {
  readonly httpGet: { readonly path: string; readonly port: number | string };
}
export interface ContainerManifest {
  readonly args?: readonly string[];
  readonly env?: readonly EnvVar[];
  readonly ports: readonly { readonly name: string; readonly containerPort: number }[];
  readonly volumeMounts: readonly {
    readonly name: string;
    readonly mountPath: string;
    readonly subPath?: string;
  }[];
  readonly resources?: { readonly limits?: Readonly<Record<string, string>> };
  readonly securityContext?: { readonly readOnlyRootFilesystem?: boolean };
  readonly startupProbe?: Probe;
  readonly livenessProbe: Probe;
  readonly readinessProbe: Probe;
}
export interface Volume {
  readonly name: string;
  readonly configMap?: {
    readonly name: string;
    readonly items?: readonly { readonly key: string; readonly path: string }[];
  };
  readonly secret?: { readonly secretName: string; readonly defaultMode?: number };
  readonly emptyDir?: object;
}
/** As much of a pod as it takes to run its only container. */
export interface PodManifest {
  readonly serviceAccountName: string;
  readonly automountServiceAccountToken?: boolean;
  readonly containers: readonly ContainerManifest[];
  readonly volumes: readonly Volume[];
  readonly securityContext?: { readonly fsGroup?: number };
}
/** A Deployment, a StatefulSet or a DaemonSet. */
export interface Workload {
  readonly metadata: { readonly name: string; readonly namespace: string };
  readonly spec: { readonly template: { readonly spec: PodManifest } };
}
export interface ServiceManifest {
  readonly spec: {
    readonly ports: readonly { readonly port: number; readonly targetPort: number | string }[];
  };
}

export function containerOf(workload: Workload): ContainerManifest {
  const [container, ...more] = workload.spec.template.spec.containers;
  if (container === undefined || more.length > 0) throw new Error('not one container');
  return container;
}

/** The port of a container that a probe or a service means. */
export function portOf(container: ContainerManifest, port: number | string): number {
  if (typeof port === 'number') return port;
  const found = container.ports.find(({ name }) => name === port);
  if (found === undefined) throw new Error(`no port ${port}`);
  return found.containerPort;
}

/** Where a service leads to. */
export function targetPortOf(
  service: ServiceManifest,
  port: number,
  container: ContainerManifest,
): number {
  const found = service.spec.ports.find((candidate) => candidate.port === port);
  if (found === undefined) throw new Error(`the service has no port ${String(port)}`);
  return portOf(container, found.targetPort);
}

/** `NAME=value`, as the kubelet makes them. */
export function environmentOf(workload: Workload): readonly string[] {
  const { name, namespace } = workload.metadata;
  const fields: Readonly<Record<string, string>> = {
    'metadata.namespace': namespace,
    'metadata.name': `${name}-0`,
    // Its network has nothing but a loopback.
    'status.podIP': '127.0.0.1',
  };
  // Of a container without limits they are what the node has.
  const resources: Readonly<Record<string, string>> = {
    'limits.memory': String(totalmem()),
    'limits.cpu': String(availableParallelism()),
  };
  const container = containerOf(workload);
  return (container.env ?? []).map(({ name: variable, value, valueFrom = {} }) => {
    const { fieldRef, resourceFieldRef } = valueFrom;
    if (resourceFieldRef !== undefined && container.resources?.limits !== undefined) {
      throw new Error(`${variable}: limits are not taken into account here`);
    }
    const resolved =
      (fieldRef && fields[fieldRef.fieldPath]) ??
      (resourceFieldRef && resources[resourceFieldRef.resource]) ??
      value;
    if (resolved === undefined) throw new Error(`${variable}: where from?`);
    return `${variable}=${resolved}`;
  });
}
