import { describe, expect, it } from 'vitest';
import { slimEndpointSlice } from '../objects/endpoint-slice.js';
import { slimNode } from '../objects/node.js';
import { slimPod } from '../objects/pod.js';
import { slimService } from '../objects/service.js';
import { addresses, contextOf } from '../testing/context.js';
import { endpointSliceGroup } from './endpoint-slice-group.js';

const slice = (more: object, labels: object = {}) =>
  slimEndpointSlice({
    metadata: { name: 'web-x', namespace: 'apps', labels },
    addressType: 'IPv4',
    ...more,
  });
const ofWeb = { 'kubernetes.io/service-name': 'web' };
const label = 'kubernetes_io_service_name';
const podRef = { kind: 'Pod', namespace: 'apps', name: 'web-1' };

describe('endpointSliceGroup', () => {
  it('gives a target for each address and port, with the labels of what is there', () => {
    const group = endpointSliceGroup(
      slice(
        {
          ports: [{ name: 'http', port: 8080, protocol: 'TCP', appProtocol: 'h2c' }, { name: '' }],
          endpoints: [
            {
              addresses: ['10.0.0.1', 'fd00::1'],
              conditions: { ready: false, serving: true, terminating: true },
              hostname: 'h',
              nodeName: 'n',
              zone: 'z',
              targetRef: podRef,
              deprecatedTopology: { 'a/b': 'c' },
            },
          ],
        },
        ofWeb,
      ),
      contextOf(),
    );
    expect(group.source).toBe('endpointslice/apps/web-x');
    expect({ ...group.labels }).toEqual({
      __meta_kubernetes_namespace: 'apps',
      __meta_kubernetes_endpointslice_name: 'web-x',
      __meta_kubernetes_endpointslice_address_type: 'IPv4',
      [`__meta_kubernetes_endpointslice_label_${label}`]: 'web',
      [`__meta_kubernetes_endpointslice_labelpresent_${label}`]: 'true',
    });
    expect(addresses(group)).toEqual(['10.0.0.1:8080', '[fd00::1]:8080', '10.0.0.1', 'fd00::1']);
    const endpoint = {
      __meta_kubernetes_endpointslice_endpoint_conditions_ready: 'false',
      __meta_kubernetes_endpointslice_endpoint_conditions_serving: 'true',
      __meta_kubernetes_endpointslice_endpoint_conditions_terminating: 'true',
      __meta_kubernetes_endpointslice_endpoint_hostname: 'h',
      __meta_kubernetes_endpointslice_endpoint_node_name: 'n',
      __meta_kubernetes_endpointslice_endpoint_zone: 'z',
      __meta_kubernetes_endpointslice_endpoint_topology_a_b: 'c',
      __meta_kubernetes_endpointslice_endpoint_topology_present_a_b: 'true',
      __meta_kubernetes_endpointslice_address_target_kind: 'Pod',
      __meta_kubernetes_endpointslice_address_target_name: 'web-1',
    };
    expect({ ...group.targets[0] }).toEqual({
      __address__: '10.0.0.1:8080',
      __meta_kubernetes_endpointslice_port: '8080',
      __meta_kubernetes_endpointslice_port_name: 'http',
      __meta_kubernetes_endpointslice_port_protocol: 'TCP',
      __meta_kubernetes_endpointslice_port_app_protocol: 'h2c',
      ...endpoint,
    });
    expect({ ...group.targets[2] }).toEqual({
      __address__: '10.0.0.1',
      __meta_kubernetes_endpointslice_port_name: '',
      ...endpoint,
    });
  });

  it('says nothing of conditions that are not set, and has no target without ports', () => {
    const endpoints = [{ addresses: ['10.0.0.1'], conditions: {} }];
    const group = endpointSliceGroup(slice({ endpoints, ports: [{ port: 1 }] }), contextOf());
    expect({ ...group.targets[0] }).toEqual({
      __address__: '10.0.0.1:1',
      __meta_kubernetes_endpointslice_port: '1',
    });
    expect(endpointSliceGroup(slice({ endpoints }), contextOf()).targets).toEqual([]);
  });

  it('has the labels of its service, unless that is hidden', () => {
    const service = slimService({ metadata: { name: 'web', namespace: 'apps' } });
    const named = (labels: object, known: boolean) =>
      endpointSliceGroup(
        slice({ ports: [{ port: 1 }], endpoints: [{ addresses: ['a'] }] }, labels),
        contextOf(known ? { service: [service] } : {}),
      );
    expect(named(ofWeb, true).labels['__meta_kubernetes_service_name']).toBe('web');
    expect(named(ofWeb, false).labels['__meta_kubernetes_service_name']).toBeUndefined();
    expect(named(ofWeb, false).targets).toHaveLength(1);
    expect(named({}, true).labels['__meta_kubernetes_service_name']).toBeUndefined();
  });

  it.each([
    ['PreferDualStack', ['IPv4', 'IPv6'], 1],
    ['PreferDualStack', ['IPv6', 'IPv4'], 0],
    ['RequireDualStack', ['IPv6'], 0],
    ['RequireDualStack', [], 1],
    ['SingleStack', ['IPv6'], 1],
    [undefined, ['IPv6'], 1],
  ])('counts, of a service with %s %j, %i IPv4 targets', (ipFamilyPolicy, ipFamilies, count) => {
    const service = slimService({
      metadata: { name: 'web', namespace: 'apps' },
      spec: { ipFamilyPolicy, ipFamilies },
    });
    const group = endpointSliceGroup(
      slice({ ports: [{ port: 1 }], endpoints: [{ addresses: ['10.0.0.1'] }] }, ofWeb),
      contextOf({ service: [service] }),
    );
    expect(group.targets).toHaveLength(count);
  });

  it('has the labels of the node it refers to, else of the node it names', () => {
    const node = ['a', 'b'].map((name) => slimNode({ metadata: { name } }));
    const endpoints = [
      { addresses: ['1'], nodeName: 'a', targetRef: { kind: 'Node', name: 'b' } },
      { addresses: ['2'], nodeName: 'a', targetRef: { kind: 'Node', name: 'unknown' } },
      { addresses: ['3'], nodeName: 'a', targetRef: podRef },
      { addresses: ['4'] },
    ];
    const { targets } = endpointSliceGroup(
      slice({ ports: [{ port: 1 }], endpoints }),
      contextOf({ node }, { node: true }),
    );
    const names = targets.map((target) => target['__meta_kubernetes_node_name']);
    expect(names).toEqual(['b', undefined, 'a', undefined]);
  });

  it('has the labels of the pod and its container, whose own protocol counts', () => {
    const pod = slimPod({
      metadata: { name: 'web-1', namespace: 'apps' },
      spec: {
        containers: [
          {
            name: 'web',
            ports: [
              { name: 'dns', containerPort: 53, protocol: 'UDP' },
              { name: 'dns-tcp', containerPort: 53, protocol: 'TCP' },
              { name: 'prom', containerPort: 9464, protocol: 'TCP' },
            ],
          },
        ],
      },
      status: { podIP: '10.0.0.1' },
    });
    const group = endpointSliceGroup(
      slice({
        ports: [{ port: 53, protocol: 'TCP' }],
        endpoints: [{ addresses: ['10.0.0.1'], targetRef: podRef }],
      }),
      contextOf({ pod: [pod] }),
    );
    expect(addresses(group)).toEqual(['10.0.0.1:53', '10.0.0.1:9464']);
    expect(group.targets[0]).toMatchObject({
      __meta_kubernetes_pod_name: 'web-1',
      __meta_kubernetes_pod_container_port_name: 'dns',
      __meta_kubernetes_pod_container_port_protocol: 'UDP',
    });
  });
});
