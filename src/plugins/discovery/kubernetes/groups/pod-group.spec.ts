import { describe, expect, it } from 'vitest';
import { slimNode } from '../objects/node.js';
import { slimNamespace, slimOwner } from '../objects/owner.js';
import { slimPod } from '../objects/pod.js';
import { addresses, contextOf, plain } from '../testing/context.js';
import { podGroup } from './pod-group.js';

const rawPod = {
  metadata: {
    name: 'web-1',
    namespace: 'apps',
    uid: 'u1',
    labels: { 'app.kubernetes.io/name': 'web', 'ÜBER-x': '1' },
    annotations: { 'prometheus.io/scrape': 'true' },
    ownerReferences: [
      { kind: 'Other', name: 'x' },
      { kind: 'ReplicaSet', name: 'web-rs', controller: true },
    ],
  },
  spec: {
    nodeName: 'node-a',
    containers: [
      {
        name: 'web',
        image: 'web:1',
        ports: [
          { name: 'http', containerPort: 8080, protocol: 'TCP' },
          { containerPort: 53, protocol: 'UDP' },
        ],
      },
      { name: 'sidecar', image: 'side:1' },
    ],
    initContainers: [
      { name: 'init', image: 'init:1', ports: [{ containerPort: 9000, protocol: 'TCP' }] },
    ],
  },
  status: {
    phase: 'Running',
    podIP: '10.0.0.1',
    hostIP: '10.1.0.1',
    conditions: [
      { type: 'Initialized', status: 'False' },
      { type: 'Ready', status: 'True' },
    ],
    containerStatuses: [{ name: 'web', containerID: 'containerd://abc' }],
    initContainerStatuses: [{ name: 'init', containerID: 'containerd://def' }],
  },
};
const withStatus = (status: object) =>
  slimPod({ ...rawPod, status: { ...rawPod.status, ...status } });
const withController = (kind: string, name: string) =>
  slimPod({
    ...rawPod,
    metadata: { ...rawPod.metadata, ownerReferences: [{ kind, name, controller: true }] },
  });
const owner = (name: string, kind: string, controller: string) =>
  slimOwner({
    metadata: {
      name,
      namespace: 'apps',
      ownerReferences: [{ kind, name: controller, controller: true }],
    },
  });

describe('podGroup', () => {
  it('gives a target for each port of each container, init containers last', () => {
    expect(plain(podGroup(slimPod(rawPod), contextOf()))).toEqual({
      source: 'pod/apps/web-1',
      labels: {
        __meta_kubernetes_namespace: 'apps',
        __meta_kubernetes_pod_name: 'web-1',
        __meta_kubernetes_pod_uid: 'u1',
        __meta_kubernetes_pod_ip: '10.0.0.1',
        __meta_kubernetes_pod_host_ip: '10.1.0.1',
        __meta_kubernetes_pod_ready: 'true',
        __meta_kubernetes_pod_phase: 'Running',
        __meta_kubernetes_pod_node_name: 'node-a',
        __meta_kubernetes_pod_controller_kind: 'ReplicaSet',
        __meta_kubernetes_pod_controller_name: 'web-rs',
        __meta_kubernetes_pod_label_app_kubernetes_io_name: 'web',
        __meta_kubernetes_pod_labelpresent_app_kubernetes_io_name: 'true',
        __meta_kubernetes_pod_label__BER_x: '1',
        __meta_kubernetes_pod_labelpresent__BER_x: 'true',
        __meta_kubernetes_pod_annotation_prometheus_io_scrape: 'true',
        __meta_kubernetes_pod_annotationpresent_prometheus_io_scrape: 'true',
      },
      targets: [
        {
          __address__: '10.0.0.1:8080',
          __meta_kubernetes_pod_container_name: 'web',
          __meta_kubernetes_pod_container_id: 'containerd://abc',
          __meta_kubernetes_pod_container_image: 'web:1',
          __meta_kubernetes_pod_container_init: 'false',
          __meta_kubernetes_pod_container_port_name: 'http',
          __meta_kubernetes_pod_container_port_number: '8080',
          __meta_kubernetes_pod_container_port_protocol: 'TCP',
        },
        {
          __address__: '10.0.0.1:53',
          __meta_kubernetes_pod_container_name: 'web',
          __meta_kubernetes_pod_container_id: 'containerd://abc',
          __meta_kubernetes_pod_container_image: 'web:1',
          __meta_kubernetes_pod_container_init: 'false',
          __meta_kubernetes_pod_container_port_name: '',
          __meta_kubernetes_pod_container_port_number: '53',
          __meta_kubernetes_pod_container_port_protocol: 'UDP',
        },
        {
          __address__: '10.0.0.1',
          __meta_kubernetes_pod_container_name: 'sidecar',
          __meta_kubernetes_pod_container_id: '',
          __meta_kubernetes_pod_container_image: 'side:1',
          __meta_kubernetes_pod_container_init: 'false',
        },
        {
          __address__: '10.0.0.1:9000',
          __meta_kubernetes_pod_container_name: 'init',
          __meta_kubernetes_pod_container_id: 'containerd://def',
          __meta_kubernetes_pod_container_image: 'init:1',
          __meta_kubernetes_pod_container_init: 'true',
          __meta_kubernetes_pod_container_port_name: '',
          __meta_kubernetes_pod_container_port_number: '9000',
          __meta_kubernetes_pod_container_port_protocol: 'TCP',
        },
      ],
    });
  });

  it('puts an IPv6 address in brackets, but not where there is no port', () => {
    expect(addresses(podGroup(withStatus({ podIP: 'fd00::1' }), contextOf()))).toEqual([
      '[fd00::1]:8080',
      '[fd00::1]:53',
      'fd00::1',
      '[fd00::1]:9000',
    ]);
  });

  it.each([
    ['a status in any case', [{ type: 'Ready', status: 'False' }], 'false'],
    ['no Ready condition', [{ type: 'Other', status: 'True' }], 'unknown'],
    ['no conditions', undefined, 'unknown'],
  ])('says of %s that it is %s', (_what, conditions, ready) => {
    const { labels } = podGroup(withStatus({ conditions }), contextOf());
    expect(labels['__meta_kubernetes_pod_ready']).toBe(ready);
  });

  it('has no targets without an IP', () => {
    expect(podGroup(withStatus({ podIP: undefined }), contextOf()).targets).toEqual([]);
  });

  it('has no targets on a node that is not known when node labels are wanted', () => {
    const pod = slimPod(rawPod);
    expect(podGroup(pod, contextOf({}, { node: true })).targets).toEqual([]);
    const node = slimNode({ metadata: { name: 'node-a', labels: { zone: 'z1' } } });
    const group = podGroup(pod, contextOf({ node: [node] }, { node: true }));
    expect(group.targets).toHaveLength(4);
    expect(group.labels).toMatchObject({
      __meta_kubernetes_node_name: 'node-a',
      __meta_kubernetes_node_label_zone: 'z1',
      __meta_kubernetes_node_labelpresent_zone: 'true',
    });
  });

  it('has the labels of its namespace when they are wanted', () => {
    const namespace = slimNamespace({ metadata: { name: 'apps', annotations: { team: 'a' } } });
    const { labels } = podGroup(
      slimPod(rawPod),
      contextOf({ namespace: [namespace] }, { namespace: true }),
    );
    expect(labels).toMatchObject({
      __meta_kubernetes_namespace_annotation_team: 'a',
      __meta_kubernetes_namespace_annotationpresent_team: 'true',
    });
  });

  it('names the Deployment behind a ReplicaSet, and no other owner', () => {
    const name = (kind: string) =>
      podGroup(
        slimPod(rawPod),
        contextOf({ replicaSet: [owner('web-rs', kind, 'web')] }, { deployment: true }),
      ).labels['__meta_kubernetes_pod_deployment_name'];
    expect(name('Deployment')).toBe('web');
    expect(name('Rollout')).toBeUndefined();
  });

  it('names the Job, which need not be known, and the CronJob behind it, which must', () => {
    const pod = withController('Job', 'backup-1');
    const job = owner('backup-1', 'CronJob', 'backup');
    const names = (context: ReturnType<typeof contextOf>) => {
      const { labels } = podGroup(pod, context);
      return [
        labels['__meta_kubernetes_pod_job_name'],
        labels['__meta_kubernetes_pod_cronjob_name'],
      ];
    };
    expect(names(contextOf({ job: [job] }))).toEqual([undefined, undefined]);
    expect(names(contextOf({}, { job: true, cronjob: true }))).toEqual(['backup-1', undefined]);
    expect(names(contextOf({ job: [job] }, { cronjob: true }))).toEqual([undefined, 'backup']);
  });

  it('takes a pod of which nothing is there but its name', () => {
    const bare = slimPod({ metadata: { name: 'x', namespace: 'y' }, status: { podIP: '1.2.3.4' } });
    expect(plain(podGroup(bare, contextOf()))).toMatchObject({
      source: 'pod/y/x',
      labels: { __meta_kubernetes_pod_node_name: '', __meta_kubernetes_pod_uid: '' },
      targets: [],
    });
  });
});
