import { describe, expect, it } from 'vitest';
import { neededRights } from './needed-rights.js';
import { configOf, linesOf } from './testing/rights-of.js';

const fromFile = `
collector_source: {type: static, collectors: [{name: c-0}]}
config:
  scrape_configs:
    - job_name: shop
      kubernetes_sd_configs:
`;

async function rightsOf(text: string, leaderElect = false) {
  const config = { ...(await configOf(text)), leaderElect };
  return neededRights(config, { ownNamespace: 'mine' });
}
async function discovering(...entries: readonly string[]) {
  const lines = entries.map((entry) => `        - ${entry}\n`).join('');
  return rightsOf(`${fromFile}${lines}`);
}
async function watching(prometheusCr: string) {
  return rightsOf(`
collector_namespace: observability
collector_source: {type: static, collectors: [{name: c-0}]}
prometheus_cr:
  enabled: true
${prometheusCr}`);
}

describe('the rights that a configuration needs', () => {
  it('are none without Kubernetes', async () => {
    const { rights, notes } = await rightsOf(`
collector_source: {type: static, collectors: [{name: c-0}]}
config: {scrape_configs: [{job_name: a, static_configs: [{targets: ['h:1']}]}]}`);
    expect([rights, notes]).toEqual([[], []]);
  });

  it('are pods of their namespace for collectors, if any are selected', async () => {
    const job = `config: {scrape_configs: [{job_name: a, static_configs: [{targets: ['h:1']}]}]}`;
    const selected = await rightsOf(`
collector_namespace: observability
collector_selector: {matchLabels: {app: otel}}
${job}`);
    expect(linesOf(selected.rights)).toEqual(['list, watch pods in namespace observability']);
    const none = await rightsOf(`collector_namespace: observability\n${job}`);
    expect(linesOf(none.rights)).toEqual([]);
  });

  it.each([
    ['pod', ['pods']],
    ['service', ['services']],
    ['endpoints', ['endpoints', 'pods', 'services']],
    ['endpointslice', ['pods', 'services', 'endpointslices.discovery.k8s.io']],
    ['ingress', ['ingresses.networking.k8s.io']],
    ['node', ['nodes']],
  ])('are what the role %s watches', async (role, kinds) => {
    const { rights } = await discovering(`{role: ${role}}`);
    expect(linesOf(rights)).toEqual(kinds.map((kind) => `list, watch ${kind}`));
  });

  it('are bound to the namespaces that are named, and the own one', async () => {
    const { rights } = await discovering(
      '{role: pod, namespaces: {names: [b, a], own_namespace: true}}',
    );
    expect(linesOf(rights)).toEqual([
      'list, watch pods in namespace a',
      'list, watch pods in namespace b',
      'list, watch pods in namespace mine',
    ]);
  });

  it('are nodes everywhere, whatever namespaces are named', async () => {
    const { rights } = await discovering('{role: node, namespaces: {names: [a]}}');
    expect(linesOf(rights)).toEqual(['list, watch nodes']);
  });

  it('are those of the objects whose labels are attached', async () => {
    const { rights } = await discovering(
      '{role: pod, namespaces: {names: [a]}, attach_metadata: {node: true, namespace: true, deployment: true, job: true, cronjob: true}}',
    );
    expect(linesOf(rights)).toEqual([
      'list, watch namespaces',
      'list, watch nodes',
      'list, watch pods in namespace a',
      'list, watch replicasets.apps in namespace a',
      'list, watch jobs.batch in namespace a',
    ]);
  });

  it('name every setting that asks for one, and what is lost', async () => {
    const { rights } = await discovering('{role: pod}', '{role: endpointslice}');
    const pods = rights.find(({ resource }) => resource === 'pods');
    expect(pods?.reasons).toEqual([
      {
        path: 'config.scrape_configs["shop"].kubernetes_sd_configs[0].role',
        why: 'role pod of job "shop"',
        loss: 'job "shop" finds no targets or does not follow them',
      },
      {
        path: 'config.scrape_configs["shop"].kubernetes_sd_configs[1].role',
        why: 'role endpointslice of job "shop"',
        loss: 'targets of job "shop" lack the labels of pods',
      },
    ]);
  });

  it('are none for discoveries with an API server of their own', async () => {
    const { rights, notes } = await discovering(
      '{role: pod, kubeconfig_file: /etc/other}',
      '{role: pod, api_server: "https://other:6443"}',
    );
    expect(rights).toEqual([]);
    expect(notes.map(({ path }) => path)).toEqual([
      'config.scrape_configs["shop"].kubernetes_sd_configs[0].kubeconfig_file',
      'config.scrape_configs["shop"].kubernetes_sd_configs[1].api_server',
    ]);
  });

  it('are a Lease where replicas elect a leader', async () => {
    const text = `${fromFile}        - {role: node}\n`;
    const { rights } = await rightsOf(`allocation_strategy: least-weighted\n${text}`, true);
    expect(linesOf(rights)).toEqual([
      'list, watch nodes',
      'create leases.coordination.k8s.io in namespace mine',
      'get, update leases.coordination.k8s.io named target-allocator in namespace mine',
    ]);
    const { rights: pure } = await rightsOf(text, true);
    expect(linesOf(pure)).toEqual(['list, watch nodes']);
  });
});

describe('the rights that custom resources need', () => {
  it('are only to count them where no selector takes any', async () => {
    const { rights } = await watching('');
    expect(linesOf(rights)).toEqual([
      'list, watch podmonitors.monitoring.coreos.com ?',
      'list, watch probes.monitoring.coreos.com ?',
      'list, watch scrapeconfigs.monitoring.coreos.com ?',
      'list, watch servicemonitors.monitoring.coreos.com ?',
    ]);
  });

  it('are those of the jobs made of them, too', async () => {
    const { rights } = await watching('  service_monitor_selector: {}\n  probe_selector: {}\n');
    expect(linesOf(rights)).toEqual([
      'get configmaps ?',
      'create events ?',
      'list, watch nodes ?',
      'list, watch pods',
      'get secrets ?',
      'list, watch services',
      'list, watch endpointslices.discovery.k8s.io',
      'list, watch podmonitors.monitoring.coreos.com ?',
      'list, watch probes.monitoring.coreos.com',
      'list, watch scrapeconfigs.monitoring.coreos.com ?',
      'list, watch servicemonitors.monitoring.coreos.com',
      'list, watch ingresses.networking.k8s.io ?',
      'list, watch secrets in namespace observability ?',
    ]);
  });

  it('are bound to the namespaces that are allowed, namespaces by their names', async () => {
    const { rights, notes } = await watching(`
  allow_namespaces: [shop, pay]
  secret_namespaces: [pay, elsewhere]
  pod_monitor_selector: {}
  pod_monitor_namespace_selector: {matchLabels: {monitored: 'yes'}}
`);
    const lines = linesOf(rights).filter((line) => !/probes|scrapeconfigs|servicemon/.test(line));
    expect(lines).toEqual([
      'list, watch namespaces named pay',
      'list, watch namespaces named shop',
      'list, watch nodes ?',
      'get configmaps in namespace pay ?',
      'create events in namespace pay ?',
      'list, watch pods in namespace pay',
      'get secrets in namespace pay ?',
      'list, watch secrets in namespace pay ?',
      'list, watch podmonitors.monitoring.coreos.com in namespace pay',
      'get configmaps in namespace shop ?',
      'create events in namespace shop ?',
      'list, watch pods in namespace shop',
      'list, watch podmonitors.monitoring.coreos.com in namespace shop',
    ]);
    expect(notes.map(({ text }) => text).join()).toContain('whose namespaceSelector leads to');
  });

  it('are Endpoints where the operator is told to use them', async () => {
    const { rights } = await watching(
      '  service_monitor_selector: {}\n  service_discovery_role: Endpoints\n',
    );
    const lines = linesOf(rights);
    expect(lines).toContain('list, watch endpoints');
    expect(lines.join()).not.toContain('endpointslices');
  });
});
