import type { Body, Draw } from './kubernetes-draw.js';

/** A kind of objects, and how one of them is made up. */
export interface Kind {
  /** The path of its objects; `NS` stands for the namespace. */
  readonly path: string;
  /** What its names begin with, as references spell them. Endpoints have the names of their services. */
  readonly prefix: string;
  readonly names: number;
  /** How often it is chosen. */
  readonly weight: number;
  readonly make: (draw: Draw, name: string) => { readonly create: Body; readonly patch: Body };
  readonly status?: (draw: Draw) => Body;
}

function withMetadata(draw: Draw, name: string, more: Body, extra: Body = {}) {
  const metadata: Body = { ...draw.metadata(name), ...extra };
  return { create: { metadata, ...more }, patch: { metadata, ...more } };
}

/** Of these kinds only the metadata may change. */
function withFixedSpec(draw: Draw, name: string, spec: Body, extra: Body = {}) {
  const metadata = { ...draw.metadata(name), ...extra };
  return { create: { metadata, spec }, patch: { metadata } };
}

const container = (draw: Draw, name: string): Body => {
  const numbers = [...new Set([draw.port(), draw.port()])];
  const ports = numbers.map((containerPort) => ({
    containerPort,
    ...draw.protocol(),
    ...draw.maybe({ name: `p${String(containerPort)}` }),
  }));
  return { name, image: draw.of('i:1', 'i:2'), ...draw.maybe({ ports }) };
};
const podTemplate = { spec: { containers: [{ name: 'c', image: 'i' }] } };

export const kinds: readonly Kind[] = [
  {
    path: '/api/v1/nodes',
    prefix: 'node',
    names: 4,
    weight: 2,
    make: (draw, name) => {
      const created = withMetadata(draw, name, { spec: draw.maybe({ providerID: 'p' }) });
      return { create: created.create, patch: { metadata: created.create.metadata } };
    },
    status: (draw) => ({
      conditions: draw
        .some('Ready', 'example.com/Disk-OK')
        .map((type) => ({ type, status: draw.of('True', 'False', 'Unknown') })),
      addresses: draw
        .some('InternalIP', 'ExternalIP', 'Hostname', 'InternalDNS')
        .map((type) => ({ type, address: draw.ip() })),
      daemonEndpoints: { kubeletEndpoint: { Port: draw.of(10250, 10255) } },
    }),
  },
  {
    path: '/api/v1/namespaces/NS/pods',
    prefix: 'pod',
    names: 4,
    weight: 4,
    make: (draw, name) =>
      withFixedSpec(
        draw,
        name,
        {
          ...(draw.chance(0.9) ? { nodeName: draw.node() } : {}),
          terminationGracePeriodSeconds: 0,
          containers: [container(draw, 'a'), ...draw.some(container(draw, 'b'))],
          initContainers: draw.some(container(draw, 'init')),
        },
        draw.controller('ReplicaSet', 'Job', 'Other'),
      ),
    status: (draw) => ({
      phase: draw.of('Pending', 'Running', 'Failed'),
      podIP: draw.of('10.0.0.1', '10.0.0.2', '10.0.0.3', 'fd00::1', null),
      hostIP: draw.of('10.1.0.1', '10.1.0.2'),
      podIPs: null,
      hostIPs: null,
      conditions: draw.some({ type: 'Ready', status: draw.of('True', 'False') }),
      containerStatuses: draw.some({
        name: 'a',
        containerID: 'containerd://1',
        image: 'i',
        imageID: '',
        ready: true,
        restartCount: 0,
      }),
    }),
  },
  {
    path: '/api/v1/namespaces/NS/services',
    prefix: 'service',
    names: 3,
    weight: 1,
    make: (draw, name) => {
      const type = draw.of('ClusterIP', 'ClusterIP', 'NodePort', 'LoadBalancer', 'ExternalName');
      const numbers = draw.some(80, 443);
      const ports = (numbers.length === 0 ? [80] : numbers).map((port) => ({
        port,
        name: `s${String(port)}`,
        ...draw.protocol(),
      }));
      const rest =
        type === 'ExternalName'
          ? { externalName: draw.of('a.example', 'b.example') }
          : draw.maybe({ ipFamilyPolicy: 'PreferDualStack' });
      const created = withMetadata(draw, name, { spec: { type, ports, ...rest } });
      return {
        create: created.create,
        patch: { metadata: created.create.metadata, spec: { ports } },
      };
    },
  },
  {
    path: '/api/v1/namespaces/NS/endpoints',
    prefix: 'service',
    names: 3,
    weight: 1,
    make: (draw, name) => {
      const address = (): Body => ({
        ip: draw.ip(),
        ...draw.maybe({ hostname: 'h' }),
        ...draw.maybe({ nodeName: draw.node() }),
        ...draw.targetRef(),
      });
      const subset = (): Body => ({
        addresses: [address(), ...draw.some(address())],
        notReadyAddresses: draw.some({ ...address(), ip: '10.0.0.9' }),
        ports: [
          { port: draw.port(), name: 'one', ...draw.protocol() },
          ...draw.some({ port: draw.port(), name: 'two' }),
        ],
      });
      return withMetadata(draw, name, { subsets: [subset(), ...draw.some(subset())] });
    },
  },
  {
    path: '/apis/discovery.k8s.io/v1/namespaces/NS/endpointslices',
    prefix: 'slice',
    names: 4,
    weight: 2,
    make: (draw, name) => {
      const isIpv6 = draw.chance(0.3);
      const ip = (): string => (isIpv6 ? 'fd00::9' : draw.of('10.0.0.1', '10.0.0.2'));
      const endpoints = draw.some(1, 2, 3).map(() => ({
        addresses: [ip()],
        conditions: {
          ...draw.maybe({ ready: draw.chance(0.5) }),
          ...draw.maybe({ serving: draw.chance(0.5) }),
          ...draw.maybe({ terminating: draw.chance(0.5) }),
        },
        ...draw.maybe({ hostname: 'h' }),
        ...draw.maybe({ nodeName: draw.node() }),
        ...draw.maybe({ zone: 'z' }),
        ...draw.targetRef(),
      }));
      const ports = [
        { name: 'one', ...draw.maybe({ port: draw.port() }), ...draw.protocol() },
        ...draw.some({ name: '', port: draw.port(), appProtocol: 'http' }),
      ];
      const parts = withMetadata(draw, name, { endpoints, ports });
      const service = `service-${String(draw.below(4))}`;
      const owned = draw.maybe({ 'kubernetes.io/service-name': service });
      const metadata = parts.create.metadata;
      const labelled = { ...metadata, labels: { ...(metadata['labels'] as Body), ...owned } };
      return {
        create: { ...parts.create, metadata: labelled, addressType: isIpv6 ? 'IPv6' : 'IPv4' },
        // The type of the addresses is fixed, so only the ports and the metadata change.
        patch: { metadata: labelled, ports },
      };
    },
  },
  {
    path: '/apis/networking.k8s.io/v1/namespaces/NS/ingresses',
    prefix: 'ingress',
    names: 2,
    weight: 1,
    make: (draw, name) => {
      const service = { name: 's', port: { number: 80 } };
      const path = (text: string): Body => ({
        path: text,
        pathType: 'Prefix',
        backend: { service },
      });
      const hosts = draw.some('a.example.com', '*.example.com', 'b.c.example.com');
      const rules = hosts.map((host) => ({
        host,
        ...draw.maybe({ http: { paths: [path('/'), ...draw.some(path('/x'))] } }),
      }));
      const tls = draw.some({ hosts: draw.some('*.example.com', 'b.c.example.com') });
      return withMetadata(draw, name, {
        spec: {
          defaultBackend: { service },
          ...draw.maybe({ ingressClassName: 'nginx' }),
          rules,
          tls,
        },
      });
    },
  },
  {
    path: '/apis/apps/v1/namespaces/NS/replicasets',
    prefix: 'replicaset',
    names: 2,
    weight: 1,
    make: (draw, name) =>
      withFixedSpec(
        draw,
        name,
        {
          selector: { matchLabels: { app: 'x' } },
          template: { metadata: { labels: { app: 'x' } }, ...podTemplate },
        },
        draw.controller('Deployment', 'Other'),
      ),
  },
  {
    path: '/apis/batch/v1/namespaces/NS/jobs',
    prefix: 'job',
    names: 2,
    weight: 1,
    make: (draw, name) =>
      withFixedSpec(
        draw,
        name,
        { template: { spec: { ...podTemplate.spec, restartPolicy: 'Never' } } },
        draw.controller('CronJob', 'Other'),
      ),
  },
];
