import { describe, expect, it } from 'vitest';
import { slimNode } from '../objects/node.js';
import { plain } from '../testing/context.js';
import { nodeGroup } from './node-group.js';

const node = (addresses: readonly (readonly [type: string, address: string])[], more = {}) =>
  slimNode({
    metadata: { name: 'worker' },
    status: {
      addresses: addresses.map(([type, address]) => ({ type, address })),
      daemonEndpoints: { kubeletEndpoint: { Port: 10250 } },
      ...more,
    },
  });
const address = (given: ReturnType<typeof node>) => nodeGroup(given).targets[0]?.['__address__'];

describe('nodeGroup', () => {
  it('gives the kubelet as target, with every address, condition, label and annotation', () => {
    const group = nodeGroup(
      slimNode({
        metadata: {
          name: 'worker',
          labels: { 'kubernetes.io/os': 'linux' },
          annotations: { 'csi.volume/node-id': '{}' },
        },
        spec: { providerID: 'aws:///i-1' },
        status: {
          conditions: [
            { type: 'Ready', status: 'True' },
            { type: 'example.com/Disk-OK', status: 'Unknown' },
          ],
          addresses: [
            { type: 'Hostname', address: 'w.local' },
            { type: 'InternalIP', address: '10.0.0.1' },
            { type: 'InternalIP', address: 'fd00::1' },
          ],
          daemonEndpoints: { kubeletEndpoint: { Port: 10250 } },
        },
      }),
    );
    expect(plain(group)).toEqual({
      source: 'node/worker',
      labels: {
        __meta_kubernetes_node_name: 'worker',
        __meta_kubernetes_node_provider_id: 'aws:///i-1',
        __meta_kubernetes_node_condition_ready: 'true',
        __meta_kubernetes_node_condition_example_com_disk_ok: 'unknown',
        __meta_kubernetes_node_label_kubernetes_io_os: 'linux',
        __meta_kubernetes_node_labelpresent_kubernetes_io_os: 'true',
        __meta_kubernetes_node_annotation_csi_volume_node_id: '{}',
        __meta_kubernetes_node_annotationpresent_csi_volume_node_id: 'true',
      },
      targets: [
        {
          __address__: '10.0.0.1:10250',
          instance: 'worker',
          __meta_kubernetes_node_address_Hostname: 'w.local',
          __meta_kubernetes_node_address_InternalIP: '10.0.0.1',
        },
      ],
    });
  });

  it('prefers addresses by their type, whatever their order', () => {
    const all = [
      ['Hostname', 'h'],
      ['LegacyHostIP', 'l'],
      ['ExternalDNS', 'ed'],
      ['ExternalIP', 'ei'],
      ['InternalDNS', 'id'],
      ['InternalIP', 'ii'],
    ] as const;
    const chosen = all.map((_, index) => address(node(all.slice(0, index + 1))));
    expect(chosen).toEqual(['h', 'l', 'ed', 'ei', 'id', 'ii'].map((host) => `${host}:10250`));
  });

  it('puts an IPv6 address in brackets, and says port 0 when the kubelet says none', () => {
    expect(address(node([['InternalIP', '2001:db8::5']]))).toBe('[2001:db8::5]:10250');
    expect(address(node([['InternalIP', '10.0.0.1']], { daemonEndpoints: {} }))).toBe('10.0.0.1:0');
  });

  it.each([[[]], [[['Pigeon', 'roof']] as const]])('has no target with addresses %j', (given) => {
    expect(nodeGroup(node(given)).targets).toEqual([]);
  });
});
