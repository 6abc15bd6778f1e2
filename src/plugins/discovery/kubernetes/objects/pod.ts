import { Fields } from './fields.js';
import { readController, readNamed, type Controller, type NamedObject } from './metadata.js';

export interface ContainerPort {
  readonly name: string;
  readonly number: string;
  readonly protocol: string;
}
export interface Container {
  readonly name: string;
  /** `''`: not known yet. */
  readonly id: string;
  readonly image: string;
  readonly isInit: boolean;
  readonly ports: readonly ContainerPort[];
}
/** What of a pod its targets' labels need. */
export interface Pod extends NamedObject {
  readonly uid: string;
  /** `''`: not assigned. */
  readonly ip: string;
  readonly hostIp: string;
  readonly nodeName: string;
  readonly phase: string;
  /** `true`, `false` or `unknown`. */
  readonly ready: string;
  readonly controller: Controller | undefined;
  /** Init containers last. */
  readonly containers: readonly Container[];
}

export function slimPod(object: unknown): Pod {
  const fields = new Fields(object);
  const spec = fields.object('spec');
  const status = fields.object('status');
  const ready = status.list('conditions').find((condition) => condition.text('type') === 'Ready');
  return {
    ...readNamed(fields, 'pod'),
    uid: fields.object('metadata').text('uid'),
    ip: status.text('podIP'),
    hostIp: status.text('hostIP'),
    nodeName: spec.text('nodeName'),
    phase: status.text('phase'),
    ready: ready === undefined ? 'unknown' : ready.text('status').toLowerCase(),
    controller: readController(fields),
    containers: [
      ...readContainers(spec.list('containers'), status.list('containerStatuses'), false),
      ...readContainers(spec.list('initContainers'), status.list('initContainerStatuses'), true),
    ],
  };
}

function readContainers(
  containers: readonly Fields[],
  statuses: readonly Fields[],
  isInit: boolean,
): readonly Container[] {
  return containers.map((container) => {
    const name = container.text('name');
    const status = statuses.find((candidate) => candidate.text('name') === name);
    return {
      name,
      id: status?.text('containerID') ?? '',
      image: container.text('image'),
      isInit,
      ports: container.list('ports').map((port) => ({
        name: port.text('name'),
        number: port.optionalNumber('containerPort') ?? '0',
        protocol: port.text('protocol'),
      })),
    };
  });
}
