import { describe, expect, it } from 'vitest';
import { slimEndpoints } from '../objects/endpoints.js';
import { slimNode } from '../objects/node.js';
import { slimPod } from '../objects/pod.js';
import { slimService } from '../objects/service.js';
import { addresses, contextOf, plain } from '../testing/context.js';
import { endpointsGroup } from './endpoints-group.js';

const endpoints = (...subsets: readonly object[]) =>
  slimEndpoints({ metadata: { name: 'web', namespace: 'apps', labels: { e: '1' } }, subsets });
const pod = slimPod({
  metadata: { name: 'web-1', namespace: 'apps', uid: 'u1' },
  spec: {
    nodeName: 'node-a',
    containers: [
      {
        name: 'web',
        image: 'web:1',
        ports: [
          { name: 'http', containerPort: 8080, protocol: 'TCP' },
          { name: 'prom', containerPort: 9464, protocol: 'TCP' },
        ],
      },
    ],
    initContainers: [
      {
        name: 'init',
        image: 'i:1',
        ports: [
          { containerPort: 8080, protocol: 'TCP' },
          { containerPort: 7, protocol: 'UDP' },
        ],
      },
    ],
  },
  status: { podIP: '10.0.0.1', phase: 'Running' },
});
const podRef = { kind: 'Pod', namespace: 'apps', name: 'web-1' };

describe('endpointsGroup', () => {
  it('gives a target for each address and port, ready or not', () => {
    const group = endpointsGroup(
      endpoints({
        ports: [{ name: 'http', port: 80, protocol: 'TCP' }, { port: 81 }],
        addresses: [{ ip: '10.0.0.9', hostname: 'h', nodeName: 'n' }],
        notReadyAddresses: [{ ip: 'fd00::9' }],
      }),
      contextOf(),
    );
    expect(group.source).toBe('endpoints/apps/web');
    expect({ ...group.labels }).toEqual({
      __meta_kubernetes_namespace: 'apps',
      __meta_kubernetes_endpoints_name: 'web',
      __meta_kubernetes_endpoints_label_e: '1',
      __meta_kubernetes_endpoints_labelpresent_e: 'true',
    });
    expect(addresses(group)).toEqual([
      '10.0.0.9:80',
      '[fd00::9]:80',
      '10.0.0.9:81',
      '[fd00::9]:81',
    ]);
    expect({ ...group.targets[0] }).toEqual({
      __address__: '10.0.0.9:80',
      __meta_kubernetes_endpoint_port_name: 'http',
      __meta_kubernetes_endpoint_port_protocol: 'TCP',
      __meta_kubernetes_endpoint_ready: 'true',
      __meta_kubernetes_endpoint_hostname: 'h',
      __meta_kubernetes_endpoint_node_name: 'n',
    });
    expect(group.targets[1]?.['__meta_kubernetes_endpoint_ready']).toBe('false');
  });

  it('has the labels of the pod, of the last container with the port, and the port of the endpoint', () => {
    const [target] = endpointsGroup(
      endpoints({
        ports: [{ port: 8080, protocol: 'SCTP' }],
        addresses: [{ ip: '10.0.0.1', targetRef: podRef }],
      }),
      contextOf({ pod: [pod] }),
    ).targets;
    expect(target).toMatchObject({
      __meta_kubernetes_endpoint_address_target_kind: 'Pod',
      __meta_kubernetes_endpoint_address_target_name: 'web-1',
      __meta_kubernetes_pod_name: 'web-1',
      __meta_kubernetes_pod_container_name: 'init',
      __meta_kubernetes_pod_container_image: 'i:1',
      __meta_kubernetes_pod_container_init: 'true',
      __meta_kubernetes_pod_container_port_name: '',
      __meta_kubernetes_pod_container_port_number: '8080',
      __meta_kubernetes_pod_container_port_protocol: 'SCTP',
    });
  });

  it('gives further targets for the ports of its pods that no address has, once for each pod', () => {
    const subset = (port: number) => ({
      ports: [{ port }],
      addresses: [{ ip: '10.0.0.1', targetRef: podRef }],
    });
    const group = endpointsGroup(endpoints(subset(8080), subset(1234)), contextOf({ pod: [pod] }));
    expect(addresses(group)).toEqual([
      '10.0.0.1:8080',
      '10.0.0.1:1234',
      '10.0.0.1:9464',
      '10.0.0.1:7',
    ]);
    expect({ ...group.targets[2] }).toEqual({
      __address__: '10.0.0.1:9464',
      __meta_kubernetes_pod_name: 'web-1',
      __meta_kubernetes_pod_uid: 'u1',
      __meta_kubernetes_pod_ip: '10.0.0.1',
      __meta_kubernetes_pod_host_ip: '',
      __meta_kubernetes_pod_phase: 'Running',
      __meta_kubernetes_pod_ready: 'unknown',
      __meta_kubernetes_pod_node_name: 'node-a',
      __meta_kubernetes_pod_container_name: 'web',
      __meta_kubernetes_pod_container_image: 'web:1',
      __meta_kubernetes_pod_container_init: 'false',
      __meta_kubernetes_pod_container_port_name: 'prom',
      __meta_kubernetes_pod_container_port_number: '9464',
      __meta_kubernetes_pod_container_port_protocol: 'TCP',
    });
  });

  it('gives none for pods without an IP, and takes references to what is not known or no pod', () => {
    const references = [podRef, { ...podRef, name: 'gone' }, { ...podRef, kind: 'VM' }];
    const group = endpointsGroup(
      endpoints({
        ports: [{ port: 1 }],
        addresses: references.map((targetRef) => ({ ip: '10.0.0.1', targetRef })),
      }),
      contextOf({ pod: [{ ...pod, ip: '' }] }),
    );
    expect(group.targets.map((target) => target['__meta_kubernetes_pod_uid'])).toEqual([
      'u1',
      undefined,
      undefined,
    ]);
  });

  it('has the labels of the service of its name', () => {
    const service = slimService({
      metadata: { name: 'web', namespace: 'apps', annotations: { a: 'b' } },
    });
    const { labels } = endpointsGroup(endpoints(), contextOf({ service: [service] }));
    expect(labels).toMatchObject({
      __meta_kubernetes_service_name: 'web',
      __meta_kubernetes_service_annotation_a: 'b',
    });
  });

  it('has the labels of the node it names, else of the node it refers to', () => {
    const node = ['a', 'b'].map((name) => slimNode({ metadata: { name } }));
    const toNode = { kind: 'Node', name: 'b' };
    const group = endpointsGroup(
      endpoints({
        ports: [{ port: 1 }],
        addresses: [
          { ip: '1.1.1.1', nodeName: 'a', targetRef: toNode },
          { ip: '1.1.1.2', targetRef: toNode },
          { ip: '1.1.1.3', nodeName: 'unknown' },
        ],
      }),
      contextOf({ node }, { node: true }),
    );
    const names = group.targets.map((target) => target['__meta_kubernetes_node_name']);
    expect(names).toEqual(['a', 'b', undefined]);
  });

  it('is a group without targets when there are no subsets', () => {
    expect(plain(endpointsGroup(endpoints(), contextOf()))).toMatchObject({ targets: [] });
  });
});
