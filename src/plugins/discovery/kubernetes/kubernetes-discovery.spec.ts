import { describe, expect, it } from 'vitest';
import { discover, emission, newCluster, wanting } from './testing/run-discovery.js';

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
    const cluster = newCluster();
    cluster.put('pods', pod('a'));
    cluster.put('pods', { ...pod('pending'), status: {} });
    const run = discover(cluster, { role: 'pod' });
    await run.context.clock.advance(1_000);
    expect(run.emitted).toEqual([]);
    cluster.sync();
    expect(await emission(run, 0)).toEqual({ 'pod/apps/a': 1 });
  });

  it('emits nothing at all as the first answer when there is nothing', async () => {
    const cluster = newCluster();
    cluster.sync();
    expect(await emission(discover(cluster, { role: 'ingress' }), 0)).toEqual({});
  });

  it('emits only the groups of objects that come, change and go', async () => {
    const cluster = newCluster();
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
    const cluster = newCluster();
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
    const cluster = newCluster();
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
    const cluster = newCluster();
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
    const cluster = newCluster();
    cluster.put('pods', pod('a'));
    cluster.sync();
    const run = discover(cluster, { role: 'pod', ...wanting('node') });
    expect(await emission(run, 0)).toEqual({});
    cluster.put('nodes', named('node-a'));
    expect(await emission(run, 1)).toEqual({ 'pod/apps/a': 1 });
    cluster.delete('nodes', 'node-a');
    expect(await emission(run, 2)).toEqual({ 'pod/apps/a': 0 });
  });

  it.each(['forbidden', 'absent'] as const)(
    'gives pods without the labels of nodes that are %s, and with them as soon as it may',
    async (reason) => {
      const cluster = newCluster();
      cluster.put('pods', pod('a'));
      cluster.put('nodes', named('node-a', { zone: 'z' }));
      cluster.refuse('nodes', reason);
      cluster.sync();
      const run = discover(cluster, { role: 'pod', ...wanting('node') });
      expect(await emission(run, 0)).toEqual({ 'pod/apps/a': 1 });
      expect(run.emitted[0]?.[0]?.labels['__meta_kubernetes_node_label_zone']).toBeUndefined();
      cluster.grant('nodes');
      expect(await emission(run, 1)).toEqual({ 'pod/apps/a': 1 });
      expect(run.emitted[1]?.[0]?.labels['__meta_kubernetes_node_label_zone']).toBe('z');
    },
  );

  it('hides pods whose nodes are not there as soon as it may know the nodes', async () => {
    const cluster = newCluster();
    cluster.put('pods', pod('a'));
    cluster.refuse('nodes', 'forbidden');
    cluster.sync();
    const run = discover(cluster, { role: 'pod', ...wanting('node') });
    expect(await emission(run, 0)).toEqual({ 'pod/apps/a': 1 });
    cluster.grant('nodes');
    expect(await emission(run, 1)).toEqual({ 'pod/apps/a': 0 });
  });

  it.each(['pods', 'services', 'namespaces'])(
    'gives addresses without the labels of %s that are forbidden, and follows the others',
    async (plural) => {
      const cluster = newCluster();
      cluster.put('endpointslices', slice('one', 'web', 'a'));
      cluster.put('pods', pod('a'));
      cluster.put('services', service('web', { x: '1' }));
      cluster.put('namespaces', named('apps', { y: '1' }));
      cluster.refuse(plural, 'forbidden');
      cluster.sync();
      const run = discover(cluster, { role: 'endpointslice', ...wanting('namespace') });
      expect(await emission(run, 0)).toEqual({ 'endpointslice/apps/one': 1 });
      const labelsOf = (number: number): readonly string[] => {
        const group = run.emitted[number]?.[0];
        return Object.keys({ ...group?.labels, ...group?.targets[0] });
      };
      const own = {
        pods: '__meta_kubernetes_pod_name',
        services: '__meta_kubernetes_service_name',
        namespaces: '__meta_kubernetes_namespace_label_y',
      };
      const expected = Object.entries(own).flatMap(([kind, label]) =>
        kind === plural ? [] : [label],
      );
      expect(labelsOf(0)).toEqual(expect.arrayContaining(expected));
      expect(labelsOf(0)).not.toContain(own[plural as keyof typeof own]);
      cluster.grant(plural);
      await emission(run, 1);
      expect(labelsOf(1)).toEqual(expect.arrayContaining(Object.values(own)));
    },
  );

  it('waits for what cannot be asked for, and for objects that may not be read', async () => {
    const unreached = newCluster();
    unreached.put('pods', pod('a'));
    unreached.refuse('nodes', 'unavailable');
    unreached.sync();
    const waiting = discover(unreached, { role: 'pod', ...wanting('node') });
    const forbidden = newCluster();
    forbidden.refuse('pods', 'forbidden');
    forbidden.sync();
    const refused = discover(forbidden, { role: 'pod' });
    await new Promise(setImmediate);
    expect([waiting.emitted, refused.emitted]).toEqual([[], []]);
    unreached.refuse('nodes', 'forbidden');
    expect(await emission(waiting, 0)).toEqual({ 'pod/apps/a': 1 });
    forbidden.grant('pods');
    expect(await emission(refused, 0)).toEqual({});
  });

  it('follows the owners of owners', async () => {
    const cluster = newCluster();
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

  it('counts events as Prometheus does', async () => {
    const cluster = newCluster();
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
