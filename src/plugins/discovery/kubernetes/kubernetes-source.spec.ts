import { describe, expect, it } from 'vitest';
import { testContext } from '../../../../test/fixtures/plugin-context.js';
import { kubernetesDiscovery } from './kubernetes-discovery.js';
import { discover, newCluster, wanting, type Config } from './testing/run-discovery.js';

describe('what kubernetes discovery asks for', () => {
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
    const cluster = newCluster();
    discover(cluster, config);
    expect([...cluster.opened].map(({ request }) => request.plural).sort()).toEqual(plurals);
  });

  it('asks with the selectors of each kind, in each namespace once', () => {
    const cluster = newCluster();
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
    const cluster = newCluster('mine');
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
    const kubernetesServers = { server: () => newCluster() };
    expect(make({ ...testContext(), kubernetesServers })).toThrow(
      /TA_KUBERNETES_SD: .*own_namespace/,
    );
    expect(make(testContext())).toThrow(/TA_KUBERNETES_SD: this host gives no access/);
  });
});
