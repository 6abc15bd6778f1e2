import { labelName, metaPrefix, type LabelEntry } from '../labels.js';
import { Fields } from './fields.js';
import { readNamed, type NamedObject } from './metadata.js';
import { readTargetReference, type TargetReference } from './target-reference.js';

/** What is absent is absent in the object, which is not the same as empty. */
export interface SlicePort {
  readonly name: string | undefined;
  readonly number: string | undefined;
  readonly protocol: string | undefined;
  readonly appProtocol: string | undefined;
}
export interface SliceEndpoint {
  readonly addresses: readonly string[];
  readonly nodeName: string | undefined;
  readonly target: TargetReference | undefined;
  /** The labels that come from the endpoint alone. */
  readonly labels: readonly LabelEntry[];
}
/** What of an endpoint slice its targets' labels need. */
export interface EndpointSlice extends NamedObject {
  /** `IPv4`, `IPv6` or `FQDN`. */
  readonly addressType: string;
  /** `undefined`: it belongs to no service. */
  readonly serviceName: string | undefined;
  readonly ports: readonly SlicePort[];
  readonly endpoints: readonly SliceEndpoint[];
}

const endpointPrefix = `${metaPrefix}endpointslice_endpoint_`;

export function slimEndpointSlice(object: unknown): EndpointSlice {
  const fields = new Fields(object);
  const labels = fields.object('metadata').object('labels');
  return {
    ...readNamed(fields, 'endpointslice'),
    addressType: fields.text('addressType'),
    serviceName: labels.optionalText('kubernetes.io/service-name'),
    ports: fields.list('ports').map((port) => ({
      name: port.optionalText('name'),
      number: port.optionalNumber('port'),
      protocol: port.optionalText('protocol'),
      appProtocol: port.optionalText('appProtocol'),
    })),
    endpoints: fields.list('endpoints').map((endpoint) => {
      const target = readTargetReference(endpoint);
      return {
        addresses: endpoint.texts('addresses'),
        nodeName: endpoint.optionalText('nodeName'),
        target,
        labels: endpointLabels(endpoint, target),
      };
    }),
  };
}

function endpointLabels(
  endpoint: Fields,
  target: TargetReference | undefined,
): readonly LabelEntry[] {
  const conditions = endpoint.object('conditions');
  const targetPrefix = `${metaPrefix}endpointslice_address_target_`;
  return [
    ...present('conditions_ready', conditions.flag('ready')),
    ...present('conditions_serving', conditions.flag('serving')),
    ...present('conditions_terminating', conditions.flag('terminating')),
    ...present('hostname', endpoint.optionalText('hostname')),
    ...present('node_name', endpoint.optionalText('nodeName')),
    ...present('zone', endpoint.optionalText('zone')),
    ...endpoint.pairs('deprecatedTopology').flatMap(([key, value]): LabelEntry[] => [
      [labelName(`${endpointPrefix}topology_`, key), value],
      [labelName(`${endpointPrefix}topology_present_`, key), 'true'],
    ]),
    ...(target === undefined
      ? []
      : ([
          [`${targetPrefix}kind`, target.kind],
          [`${targetPrefix}name`, target.name],
        ] satisfies LabelEntry[])),
  ];
}

function present(name: string, value: string | boolean | undefined): readonly LabelEntry[] {
  return value === undefined ? [] : [[endpointPrefix + name, String(value)]];
}
