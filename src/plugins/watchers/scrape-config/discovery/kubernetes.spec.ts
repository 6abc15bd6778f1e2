import { describe, expect, it } from 'vitest';
import { discoveryOf, rejectionsOf } from '../testing/converted.js';
import {
  authorization,
  authorizationFields,
  connection,
  connectionFields,
} from '../testing/whole-client.js';

describe('kubernetes discovery', () => {
  it('writes every field', () => {
    const entry = {
      apiServer: 'https://10.0.0.1:6443',
      role: 'EndpointSlice',
      namespaces: { ownNamespace: false, names: ['shop'] },
      attachMetadata: { node: true },
      selectors: [
        { role: 'Pod', label: 'app=web' },
        { role: 'EndpointSlice', field: 'metadata.name=web' },
      ],
      authorization,
      ...connection,
    };
    expect(discoveryOf('kubernetesSDConfigs', entry)).toEqual({
      kubernetes_sd_configs: [
        {
          api_server: 'https://10.0.0.1:6443',
          role: 'endpointslice',
          namespaces: { names: ['shop'], own_namespace: false },
          attach_metadata: { node: true },
          selectors: [
            { role: 'pod', label: 'app=web' },
            { role: 'endpointslice', field: 'metadata.name=web' },
          ],
          authorization: authorizationFields,
          ...connectionFields,
        },
      ],
    });
  });

  it('reaches the cluster as the allocator does, unless an API server is named', () => {
    const kubeconfigFile = '/home/dev/.kube/config';
    const inOwn = discoveryOf('kubernetesSDConfigs', { role: 'Node' }, { kubeconfigFile });
    const elsewhere = { role: 'Node', apiServer: 'https://other' };
    expect(inOwn).toEqual({
      kubernetes_sd_configs: [{ role: 'node', kubeconfig_file: kubeconfigFile }],
    });
    expect(discoveryOf('kubernetesSDConfigs', elsewhere, { kubeconfigFile })).toEqual({
      kubernetes_sd_configs: [{ role: 'node', api_server: 'https://other' }],
    });
  });

  it.each(['Service', 'Ingress', 'Node'])('leaves out attachMetadata for the role %s', (role) => {
    const entry = { role, attachMetadata: { node: true } };
    expect(discoveryOf('kubernetesSDConfigs', entry)).toEqual({
      kubernetes_sd_configs: [{ role: role.toLowerCase() }],
    });
  });

  it('writes empty namespaces as all of them', () => {
    expect(discoveryOf('kubernetesSDConfigs', { role: 'Pod', namespaces: {} })).toEqual({
      kubernetes_sd_configs: [{ role: 'pod', namespaces: { names: [] } }],
    });
  });

  it.each([
    ['no role', {}, ['spec.kubernetesSDConfigs[0].role: is required']],
    [
      'the own namespace on another server',
      { role: 'Pod', apiServer: 'https://other', namespaces: { ownNamespace: true } },
      [
        'spec.kubernetesSDConfigs[0].namespaces.ownNamespace: cannot be used together with apiServer',
      ],
    ],
    [
      'a selector that the role does not have',
      { role: 'Pod', selectors: [{ role: 'Pod' }, { role: 'Node' }] },
      [
        'spec.kubernetesSDConfigs[0].selectors[1].role: the role pod supports only selectors for pod',
      ],
    ],
    [
      'selectors of an unknown role',
      { role: 'Job', selectors: [{ role: 'Pod' }] },
      ['spec.kubernetesSDConfigs[0].selectors[0].role: only known roles support selectors'],
    ],
  ])('rejects %s', (_name, entry, reasons) => {
    expect(rejectionsOf({ kubernetesSDConfigs: [entry] })).toEqual(reasons);
  });
});
