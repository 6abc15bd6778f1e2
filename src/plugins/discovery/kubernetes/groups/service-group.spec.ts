import { describe, expect, it } from 'vitest';
import { slimNamespace } from '../objects/owner.js';
import { slimService } from '../objects/service.js';
import { contextOf, plain } from '../testing/context.js';
import { serviceGroup } from './service-group.js';

const service = (spec: object, metadata: object = {}) =>
  slimService({ metadata: { name: 'web', namespace: 'shop', ...metadata }, spec });

describe('serviceGroup', () => {
  it('gives a target for each port under the name in DNS', () => {
    const ports = [
      { name: 'http', port: 80, protocol: 'TCP' },
      { port: 53, protocol: 'UDP' },
    ];
    const group = serviceGroup(
      service({ type: 'ClusterIP', clusterIP: '10.0.0.1', ports }, { labels: { 'a/b': 'c' } }),
      contextOf(),
    );
    const common = {
      __meta_kubernetes_service_type: 'ClusterIP',
      __meta_kubernetes_service_cluster_ip: '10.0.0.1',
    };
    expect(plain(group)).toEqual({
      source: 'svc/shop/web',
      labels: {
        __meta_kubernetes_namespace: 'shop',
        __meta_kubernetes_service_name: 'web',
        __meta_kubernetes_service_label_a_b: 'c',
        __meta_kubernetes_service_labelpresent_a_b: 'true',
      },
      targets: [
        {
          __address__: 'web.shop.svc:80',
          __meta_kubernetes_service_port_name: 'http',
          __meta_kubernetes_service_port_number: '80',
          __meta_kubernetes_service_port_protocol: 'TCP',
          ...common,
        },
        {
          __address__: 'web.shop.svc:53',
          __meta_kubernetes_service_port_name: '',
          __meta_kubernetes_service_port_number: '53',
          __meta_kubernetes_service_port_protocol: 'UDP',
          ...common,
        },
      ],
    });
  });

  it.each([
    [
      { type: 'ExternalName', externalName: 'db.example.com' },
      { external_name: 'db.example.com', cluster_ip: undefined, loadbalancer_ip: undefined },
    ],
    [
      { type: 'LoadBalancer', clusterIP: '10.0.0.2', loadBalancerIP: '198.51.100.4' },
      { external_name: undefined, cluster_ip: '10.0.0.2', loadbalancer_ip: '198.51.100.4' },
    ],
    [
      { type: 'LoadBalancer', clusterIP: 'fd00::1' },
      { external_name: undefined, cluster_ip: 'fd00::1', loadbalancer_ip: '' },
    ],
    [
      { type: 'ClusterIP', clusterIP: 'None' },
      { external_name: undefined, cluster_ip: 'None', loadbalancer_ip: undefined },
    ],
  ])('has the labels of its type: %j', (spec, expected) => {
    const { targets } = serviceGroup(service({ ...spec, ports: [{ port: 1 }] }), contextOf());
    const label = (name: string) => targets[0]?.[`__meta_kubernetes_service_${name}`];
    expect({
      external_name: label('external_name'),
      cluster_ip: label('cluster_ip'),
      loadbalancer_ip: label('loadbalancer_ip'),
    }).toEqual(expected);
  });

  it('has no targets without ports', () => {
    expect(serviceGroup(service({}), contextOf()).targets).toEqual([]);
  });

  it('has the labels of its namespace only when they are wanted', () => {
    const namespace = [slimNamespace({ metadata: { name: 'shop', labels: { team: 'a' } } })];
    const team = (isWanted: boolean) =>
      serviceGroup(service({}), contextOf({ namespace }, { namespace: isWanted })).labels[
        '__meta_kubernetes_namespace_label_team'
      ];
    expect([team(true), team(false)]).toEqual(['a', undefined]);
  });
});
