import { Fields } from './fields.js';
import { readNamed, type NamedObject } from './metadata.js';
import { readTargetReference, type TargetReference } from './target-reference.js';

export interface EndpointAddress {
  readonly ip: string;
  readonly isReady: boolean;
  readonly hostname: string;
  readonly nodeName: string | undefined;
  readonly target: TargetReference | undefined;
}
export interface EndpointSubset {
  readonly ports: readonly {
    readonly name: string;
    readonly number: string;
    readonly protocol: string;
  }[];
  readonly addresses: readonly EndpointAddress[];
}
/** What of an Endpoints object its targets' labels need. */
export interface Endpoints extends NamedObject {
  readonly subsets: readonly EndpointSubset[];
}

export function slimEndpoints(object: unknown): Endpoints {
  const fields = new Fields(object);
  return {
    ...readNamed(fields, 'endpoints'),
    subsets: fields.list('subsets').map((subset) => ({
      ports: subset.list('ports').map((port) => ({
        name: port.text('name'),
        number: port.optionalNumber('port') ?? '0',
        protocol: port.text('protocol'),
      })),
      addresses: [
        ...subset.list('addresses').map((address) => readAddress(address, true)),
        ...subset.list('notReadyAddresses').map((address) => readAddress(address, false)),
      ],
    })),
  };
}

function readAddress(address: Fields, isReady: boolean): EndpointAddress {
  return {
    ip: address.text('ip'),
    isReady,
    hostname: address.text('hostname'),
    nodeName: address.optionalText('nodeName'),
    target: readTargetReference(address),
  };
}
