import { Fields } from './fields.js';
import { readNamed, type NamedObject } from './metadata.js';

export interface ServicePort {
  readonly name: string;
  readonly number: string;
  readonly protocol: string;
}
/** What of a service its targets' labels need, and those of its endpoints. */
export interface Service extends NamedObject {
  /** `ClusterIP`, `NodePort`, `LoadBalancer` or `ExternalName`. */
  readonly type: string;
  readonly clusterIp: string;
  readonly externalName: string;
  /** What was asked for, not what the load balancer got. */
  readonly loadBalancerIp: string;
  /** The one that counts when there are two; `undefined` unless the service may have two. */
  readonly primaryIpFamily: string | undefined;
  readonly ports: readonly ServicePort[];
}

export function slimService(object: unknown): Service {
  const fields = new Fields(object);
  const spec = fields.object('spec');
  const isDualStack = ['PreferDualStack', 'RequireDualStack'].includes(spec.text('ipFamilyPolicy'));
  return {
    ...readNamed(fields, 'service'),
    type: spec.text('type'),
    clusterIp: spec.text('clusterIP'),
    externalName: spec.text('externalName'),
    loadBalancerIp: spec.text('loadBalancerIP'),
    primaryIpFamily: isDualStack ? spec.texts('ipFamilies')[0] : undefined,
    ports: spec.list('ports').map((port) => ({
      name: port.text('name'),
      number: port.optionalNumber('port') ?? '0',
      protocol: port.text('protocol'),
    })),
  };
}
