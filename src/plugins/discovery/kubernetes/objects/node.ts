import { Fields } from './fields.js';
import { readNamed, type NamedObject } from './metadata.js';

/** What of a node its target's labels need, and those of what runs on it. */
export interface Node extends NamedObject {
  readonly providerId: string;
  readonly kubeletPort: string;
  readonly conditions: readonly { readonly type: string; readonly status: string }[];
  readonly addresses: readonly { readonly type: string; readonly address: string }[];
}

export function slimNode(object: unknown): Node {
  const fields = new Fields(object);
  const status = fields.object('status');
  const kubelet = status.object('daemonEndpoints').object('kubeletEndpoint');
  return {
    ...readNamed(fields, 'node'),
    providerId: fields.object('spec').text('providerID'),
    kubeletPort: kubelet.optionalNumber('Port') ?? '0',
    // A heartbeat changes the times of conditions only, and those are left out.
    conditions: status.list('conditions').map((condition) => ({
      type: condition.text('type'),
      status: condition.text('status'),
    })),
    addresses: status.list('addresses').map((entry) => ({
      type: entry.text('type'),
      address: entry.text('address'),
    })),
  };
}
