import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { testContext } from '../../../../test/fixtures/plugin-context.js';
import type { KubernetesSdConfig, TargetGroup } from '../../../plugin-api/index.js';
import { kubernetesDiscovery } from './kubernetes-discovery.js';
import { FakeCluster } from './testing/fake-cluster.js';

type Config = Pick<KubernetesSdConfig, 'role'> & Partial<KubernetesSdConfig>;

const wanting = (
  ...names: (keyof NonNullable<KubernetesSdConfig['attach_metadata']>)[]
): Required<Pick<KubernetesSdConfig, 'attach_metadata'>> => ({
  attach_metadata: {
    node: names.includes('node'),
    namespace: names.includes('namespace'),
    deployment: names.includes('deployment'),
    job: names.includes('job'),
    cronjob: names.includes('cronjob'),
  },
});

/** The discovery at work on a cluster; everything that it emitted. */
function discover(cluster: FakeCluster, config: Config) {
  const context = { ...testContext(), kubernetesServers: { server: () => cluster } };
  const source = kubernetesDiscovery.create(
    { kubeconfig_file: '', follow_redirects: true, enable_http2: true, ...config },
    context,
  );
  const emitted: (readonly TargetGroup[])[] = [];
  const stop = new AbortController();
  const ended = source.run((groups) => emitted.push(groups), stop.signal);
  onTestFinished(async () => {
    stop.abort();
    await ended;
    expect(cluster.opened.size).toBe(0);
  });
  return { context, emitted, stop, ended };
}

/** Waits for the emission of that number, and says which groups it has, and with how many targets. */
async function emission(
  { emitted }: ReturnType<typeof discover>,
  number: number,
): Promise<Readonly<Record<string, number>>> {
  await vi.waitFor(() => {
    expect(emitted.length).toBeGreaterThan(number);
  });
  return Object.fromEntries(
    (emitted[number] ?? []).map(({ source, targets }) => [source, targets.length]),
  );
}

const pod = (name: string, more: { node?: string; labels?: object; owner?: object } = {}) => ({
  metadata: {
    name,
    namespace: 'apps',
    labels: more.labels ?? {},
    ownerReferences: more.owner === undefined ? [] : [more.owner],
  },
  spec: { nodeName: more.node ?? 'node-a', containers: [{ name: 'c' }] },
  status: { podIP: '10.0.0.1' },
});
const slice = (name: string, service: string, ...pods: string[]) => ({
  metadata: { name, namespace: 'apps', labels: { 'kubernetes.io/service-name': service } },
  addressType: 'IPv4',
  ports: [{ port: 80 }],
  endpoints: pods.map((target) => ({
    addresses: ['10.0.0.1'],
    nodeName: 'node-a',
    targetRef: { kind: 'Pod', namespace: 'apps', name: target },
  })),
});
const named = (name: string, labels: object = {}) => ({ metadata: { name, labels } });
const service = (name: string, labels: object = {}) => ({
  metadata: { name, namespace: 'apps', labels },
});
const controlledBy = (kind: string, name: string) => ({ kind, name, controller: true });

describe('kubernetes discovery', () => {
  it('emits everything once all that it needs has synced, without objects that have no targets', async () => {
    const cluster = new FakeCluster();
    cluster.put('pods', pod('a'));
    cluster.put('pods', { ...pod('pending'), status: {} });
    const run = discover(cluster, { role: 'pod' });
    await run.context.clock.advance(1_000);
    expect(run.emitted).toEqual([]);
    cluster.sync();
    expect(await emission(run, 0)).toEqual({ 'pod/apps/a': 1 });
  });

  it('emits nothing at all as the first answer when there is nothing', async () => {
    const cluster = new FakeCluster();
    cluster.sync();
    expect(await emission(discover(cluster, { role: 'ingress' }), 0)).toEqual({});
  });

  it('emits only the groups of objects that come, change and go', async () => {
    const cluster = new FakeCluster();
    for (const name of ['a', 'b', 'c']) cluster.put('pods', pod(name));
    cluster.sync();
    const run = discover(cluster, { role: 'pod' });
    await emission(run, 0);
    cluster.put('pods', pod('b', { labels: { new: '1' } }));
    expect(await emission(run, 1)).toEqual({ 'pod/apps/b': 1 });
    cluster.put('pods', pod('d'));
    expect(await emission(run, 2)).toEqual({ 'pod/apps/d': 1 });
    cluster.delete('pods', 'apps/a');
    expect(await emission(run, 3)).toEqual({ 'pod/apps/a': 0 });
  });

  it('emits nothing for changes that labels do not show', async () => {
    const cluster = new FakeCluster();
    const node = (heartbeat: string, labels: object) => ({
      ...named('n', labels),
      status: {
        addresses: [{ type: 'InternalIP', address: '10.0.0.1' }],
        conditions: [{ type: 'Ready', status: 'True', lastHeartbeatTime: heartbeat }],
      },
    });
    cluster.put('nodes', node('1', {}));
    cluster.sync();
    const run = discover(cluster, { role: 'node' });
    await emission(run, 0);
    cluster.put('nodes', node('2', {}));
    await new Promise(setImmediate);
    cluster.put('nodes', node('3', { seen: '1' }));
    expect(await emission(run, 1)).toEqual({ 'node/n': 1 });
    expect(run.emitted[1]?.[0]?.labels['__meta_kubernetes_node_label_seen']).toBe('1');
  });

  it('makes the groups anew that a pod, a service, a node or a namespace is part of', async () => {
    const cluster = new FakeCluster();
    cluster.put('endpointslices', slice('one', 'web', 'a'));
    cluster.put('endpointslices', slice('two', 'db', 'b'));
    cluster.sync();
    const run = discover(cluster, { role: 'endpointslice', ...wanting('node', 'namespace') });
    expect(await emission(run, 0)).toEqual({
      'endpointslice/apps/one': 1,
      'endpointslice/apps/two': 1,
    });
    const one = { 'endpointslice/apps/one': 1 };
    const both = { ...one, 'endpointslice/apps/two': 1 };
    cluster.put('pods', pod('a'));
    expect(await emission(run, 1)).toEqual(one);
    cluster.put('pods', pod('a', { labels: { x: '1' } }));
    expect(await emission(run, 2)).toEqual(one);
    cluster.delete('pods', 'apps/a');
    expect(await emission(run, 3)).toEqual(one);
    cluster.put('services', service('web'));
    expect(await emission(run, 4)).toEqual(one);
    cluster.delete('services', 'apps/web');
    expect(await emission(run, 5)).toEqual(one);
    cluster.put('nodes', named('node-a'));
    expect(await emission(run, 6)).toEqual(both);
    cluster.put('namespaces', named('apps', { team: 'a' }));
    expect(await emission(run, 7)).toEqual(both);
    cluster.put('namespaces', named('other', { team: 'b' }));
    cluster.delete('namespaces', 'apps');
    expect(await emission(run, 8)).toEqual(both);
  });

  it('forgets what a group is no longer made with', async () => {
    const cluster = new FakeCluster();
    cluster.put('endpointslices', slice('one', 'web', 'a'));
    cluster.sync();
    const run = discover(cluster, { role: 'endpointslice' });
    await emission(run, 0);
    cluster.put('endpointslices', slice('one', 'web', 'b'));
    await emission(run, 1);
    cluster.put('pods', pod('a'));
    cluster.put('pods', pod('b'));
    expect(await emission(run, 2)).toEqual({ 'endpointslice/apps/one': 1 });
    const names = run.emitted[2]?.[0]?.targets.map((t) => t['__meta_kubernetes_pod_name']);
    expect(names).toEqual(['b']);
  });

  it('holds a pod back until its node is known, and lets it go with its node', async () => {
    const cluster = new FakeCluster();
    cluster.put('pods', pod('a'));
    cluster.sync();
    const run = discover(cluster, { role: 'pod', ...wanting('node') });
    expect(await emission(run, 0)).toEqual({});
    cluster.put('nodes', named('node-a'));
    expect(await emission(run, 1)).toEqual({ 'pod/apps/a': 1 });
    cluster.delete('nodes', 'node-a');
    expect(await emission(run, 2)).toEqual({ 'pod/apps/a': 0 });
  });

  it('follows the owners of owners', async () => {
    const cluster = new FakeCluster();
    cluster.put('pods', pod('a', { owner: controlledBy('ReplicaSet', 'rs') }));
    cluster.sync();
    const run = discover(cluster, { role: 'pod', ...wanting('deployment', 'job', 'cronjob') });
    await emission(run, 0);
    cluster.put('replicasets', {
      metadata: {
        name: 'rs',
        namespace: 'apps',
        ownerReferences: [controlledBy('Deployment', 'web')],
      },
    });
    await emission(run, 1);
    expect(run.emitted[1]?.[0]?.labels['__meta_kubernetes_pod_deployment_name']).toBe('web');
  });

  it.each<[Config, string[]]>([
    [{ role: 'node', ...wanting('node', 'namespace') }, ['nodes']],
    [{ role: 'service', ...wanting('node', 'deployment') }, ['services']],
    [{ role: 'ingress', ...wanting('namespace') }, ['ingresses', 'namespaces']],
    [{ role: 'pod', ...wanting('job') }, ['pods']],
    [{ role: 'pod', ...wanting('node', 'cronjob') }, ['jobs', 'nodes', 'pods']],
    [{ role: 'endpoints' }, ['endpoints', 'pods', 'services']],
    [
      { role: 'endpointslice', ...wanting('deployment') },
      ['endpointslices', 'pods', 'replicasets', 'services'],
    ],
  ])('watches what it needs only: %j', (config, plurals) => {
    const cluster = new FakeCluster();
    discover(cluster, config);
    expect([...cluster.opened].map(({ request }) => request.plural).sort()).toEqual(plurals);
  });

  it('asks with the selectors of each kind, in each namespace once', () => {
    const cluster = new FakeCluster();
    discover(cluster, {
      role: 'pod',
      ...wanting('node', 'namespace'),
      namespaces: { own_namespace: false, names: ['apps', 'db', 'apps'] },
      selectors: [
        { role: 'pod', label: 'app=web', field: 'status.phase=Running' },
        { role: 'node', label: 'zone=a' },
      ],
    });
    const asked = [...cluster.opened].map(({ request }) => [
      request.plural,
      request.namespace,
      request.labelSelector,
      request.fieldSelector,
    ]);
    const perNamespace = (namespace: string) => [
      'pods',
      namespace,
      'app=web',
      'status.phase=Running',
    ];
    expect(asked).toContainEqual(perNamespace('apps'));
    expect(asked).toContainEqual(perNamespace('db'));
    expect(asked.filter(([plural]) => plural === 'pods')).toHaveLength(2);
    expect(asked).toContainEqual(['nodes', undefined, 'zone=a', undefined]);
    expect(asked).toContainEqual(['namespaces', undefined, undefined, undefined]);
  });

  it.each([
    [{ own_namespace: true, names: [] }, ['mine']],
    [{ own_namespace: true, names: ['apps'] }, ['apps', 'mine']],
    [{ own_namespace: false, names: [] }, [undefined]],
    [{ own_namespace: false, names: ['', 'apps'] }, [undefined]],
  ])('watches, with namespaces %j, %j', (namespaces, expected) => {
    const cluster = new FakeCluster('mine');
    discover(cluster, { role: 'service', namespaces });
    expect([...cluster.opened].map(({ request }) => request.namespace)).toEqual(expected);
  });

  it('refuses own_namespace where there is no pod, and a host without access', () => {
    const make = (context: Parameters<typeof kubernetesDiscovery.create>[1]) => () =>
      kubernetesDiscovery.create(
        {
          role: 'pod',
          kubeconfig_file: '',
          follow_redirects: true,
          enable_http2: true,
          namespaces: { own_namespace: true, names: [] },
        },
        context,
      );
    const kubernetesServers = { server: () => new FakeCluster() };
    expect(make({ ...testContext(), kubernetesServers })).toThrow(
      /TA_KUBERNETES_SD: .*own_namespace/,
    );
    expect(make(testContext())).toThrow(/TA_KUBERNETES_SD: this host gives no access/);
  });

  it('counts events as Prometheus does', async () => {
    const cluster = new FakeCluster();
    cluster.put('endpoints', service('web'));
    cluster.put('endpoints', service('db'));
    cluster.sync();
    const run = discover(cluster, { role: 'endpoints' });
    await emission(run, 0);
    cluster.put('services', service('web'));
    cluster.put('pods', pod('a'));
    cluster.put('pods', pod('a', { labels: { x: '1' } }));
    cluster.delete('endpoints', 'apps/db');
    const series = run.context.meter.series('prometheus_sd_kubernetes_events_total');
    expect(Object.keys(series)).toHaveLength(18);
    const counted = Object.entries(series).filter(([, value]) => value > 0);
    expect(Object.fromEntries(counted)).toEqual({
      '{"role":"endpoints","event":"add"}': 2,
      '{"role":"endpoints","event":"delete"}': 1,
      '{"role":"service","event":"add"}': 1,
      '{"role":"pod","event":"update"}': 1,
    });
  });
});
