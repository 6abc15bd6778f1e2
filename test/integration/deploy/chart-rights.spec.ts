import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  neededRights,
  rbacObjects,
  roleManifests,
} from '../../../src/modules/cluster-rights/index.js';
import { configOf } from '../../../src/modules/cluster-rights/testing/rights-of.js';
import { allocatorCommand } from '../../fixtures/allocator.js';
import { Program } from '../../fixtures/program.js';
import { parseRoles } from '../rbac/granted-roles.js';
import { helm, type KubernetesObject, podsOf, release, renderChart, theOnly } from './chart.js';

const serviceAccount = { namespace: release.namespace, name: 'ta-target-allocator' };

/** What gives rights, without labels, and in one order: Helm has its own. */
function rightsIn(objects: readonly unknown[]): readonly object[] {
  return (objects as readonly KubernetesObject[])
    .filter(({ apiVersion }) => apiVersion === 'rbac.authorization.k8s.io/v1')
    .map(({ metadata: { name, namespace }, ...object }) => ({
      ...object,
      metadata: { name, ...(namespace !== undefined && { namespace }) },
    }))
    .toSorted((a, b) => (orderKey(a) < orderKey(b) ? -1 : 1));
}
function orderKey({ kind, metadata }: Pick<KubernetesObject, 'kind' | 'metadata'>): string {
  return [kind, metadata.namespace ?? '', metadata.name].join('/');
}

/** Without a value the namespace is that of the pod. */
function environmentOf({ env = [] }: ReturnType<typeof podsOf>['container']): NodeJS.ProcessEnv {
  const variable = env.find(({ name }) => name === 'OTELCOL_NAMESPACE');
  if (variable === undefined) return process.env;
  return { ...process.env, OTELCOL_NAMESPACE: variable.value ?? release.namespace };
}

/** The chart's configuration as its allocator would see it, and what the command prints for that. */
async function printedFor(
  objects: readonly KubernetesObject[],
  isNamespaceScoped: boolean,
): Promise<readonly unknown[]> {
  const folder = await mkdtemp(join(tmpdir(), 'chart-rights-'));
  try {
    const file = join(folder, 'targetallocator.yaml');
    await writeFile(file, theOnly(objects, 'ConfigMap').data?.['targetallocator.yaml'] ?? '');
    const { container } = podsOf(objects);
    const env = environmentOf(container);
    const account = `${serviceAccount.namespace}/${serviceAccount.name}`;
    const electing = container.args.filter((arg) => /^--lea(?:der|se)-/.test(arg));
    const flags = ['--config-file', file, '--service-account', account, ...electing];
    const scoped = isNamespaceScoped ? ['--namespace-scoped'] : [];
    const { command, args } = allocatorCommand();
    const program = new Program(command, [...args, 'rbac', ...flags, ...scoped], {
      env,
    });
    const code = await program.exited;
    if (code !== 0) throw new Error(`rbac: ${String(code)}\n${program.output}`);
    return parseRoles(program.output);
  } finally {
    await rm(folder, { recursive: true });
  }
}

/** Collectors and a job that no cluster is needed for. */
function outsideOf(job: object) {
  return {
    collector_source: { type: 'static', collectors: [{ name: 'c-0' }] },
    config: { scrape_configs: [{ job_name: 'a', ...job }] },
  };
}

const everything = { service_monitor_selector: {}, pod_monitor_selector: {}, probe_selector: {} };
const cases = {
  'the default values': {},
  'custom resources of the whole cluster': {
    config: { prometheus_cr: { enabled: true, ...everything, scrape_config_selector: {} } },
  },
  'roles of namespaces only': {
    rbac: { namespaceScoped: true },
    config: {
      collector_namespace: 'fleet',
      prometheus_cr: { enabled: true, allow_namespaces: ['shop', 'pay'], ...everything },
    },
  },
  'collectors elsewhere': { collectorNamespace: 'fleet', collectors: { kind: '' } },
  'a strategy that remembers': { config: { allocation_strategy: 'least-weighted' } },
  'nothing in the cluster': { config: outsideOf({ static_configs: [{ targets: ['h:1'] }] }) },
};

describe.skipIf(helm === undefined)('the roles of the chart', () => {
  it.each(Object.entries(cases))('are what rbac prints, for %s', async (_, values) => {
    const objects = await renderChart(values);
    const isNamespaceScoped = 'rbac' in values && values.rbac.namespaceScoped;
    expect(rightsIn(objects)).toEqual(rightsIn(await printedFor(objects, isNamespaceScoped)));
  });

  it('are what rbac prints, whatever is asked for', async () => {
    await fc.assert(
      fc.asyncProperty(anyConfig, fc.boolean(), async (config, isNamespaceScoped) => {
        const objects = await renderChart({ rbac: { namespaceScoped: isNamespaceScoped }, config });
        const text = theOnly(objects, 'ConfigMap').data?.['targetallocator.yaml'] ?? '';
        const context = { ownNamespace: release.namespace };
        const { rights } = neededRights(await configOf(text), context);
        const { roles } = roleManifests(rights, { serviceAccount, isNamespaceScoped });
        const wanted = roles.flatMap((role) => [...rbacObjects(role)]);
        expect(rightsIn(objects)).toEqual(rightsIn(wanted));
      }),
      { numRuns: 25 },
    );
  }, 120_000);

  it('are not guessed for a ConfigMap that is not the chart’s', async () => {
    expect(rightsIn(await renderChart({ existingConfigMap: 'mine' }))).toEqual([]);
    const said = await renderChart({
      existingConfigMap: 'mine',
      rbac: { config: { collector_namespace: 'fleet', collector_selector: {} } },
    });
    expect(rightsIn(said)).toMatchObject([
      { kind: 'Role', metadata: { namespace: 'fleet' }, rules: [{ resources: ['pods'] }] },
      { kind: 'RoleBinding', metadata: { namespace: 'fleet' }, subjects: [serviceAccount] },
    ]);
  });

  it('have the rules of plugins beside them', async () => {
    const rule = { apiGroups: ['example.org'], resources: ['probes'], verbs: ['list', 'watch'] };
    const objects = await renderChart({
      rbac: { extraRules: [rule], extraClusterRules: [rule] },
    });
    expect(rightsIn(objects)).toMatchObject([
      { kind: 'ClusterRole', metadata: { name: 'ta-target-allocator-obs-extra' }, rules: [rule] },
      { kind: 'ClusterRoleBinding', subjects: [serviceAccount] },
      { kind: 'Role', metadata: { name: 'ta-target-allocator' } },
      { kind: 'Role', metadata: { name: 'ta-target-allocator-extra' }, rules: [rule] },
      { kind: 'RoleBinding' },
      { kind: 'RoleBinding' },
    ]);
  });
});

const ownToken = '/var/run/secrets/kubernetes.io/serviceaccount/token';
const files = { file_sd_configs: [{ files: ['/targets/*.json'] }] };
const api_server = 'https://api.example.org';
const fromElsewhere = { kubernetes_sd_configs: [{ role: 'pod', api_server }] };
const withOwnToken = {
  kubernetes_sd_configs: [
    { role: 'pod', api_server, authorization: { credentials_file: ownToken } },
  ],
};
const rule = { apiGroups: [''], resources: ['pods'], verbs: ['list'] };

describe.skipIf(helm === undefined)('the token of the service account', () => {
  it.each<[string, object]>([
    ['the default values', {}],
    [
      'a discovery of the cluster',
      { config: outsideOf({ kubernetes_sd_configs: [{ role: 'node' }] }) },
    ],
    ['collectors of the cluster', { config: { config: outsideOf(files).config } }],
    ['a configuration of others', { existingConfigMap: 'theirs' }],
    ['an elected leader', { config: outsideOf(files), leaderElection: { enabled: true } }],
    [
      'rights for the cluster that are granted elsewhere',
      {
        config: outsideOf({ kubernetes_sd_configs: [{ role: 'node' }] }),
        rbac: { namespaceScoped: true },
      },
    ],
    ['a job that names its file', { config: outsideOf(withOwnToken) }],
    ['plugins', { config: outsideOf(files), plugins: [{ name: 'p', image: 'p:1' }] }],
    ['rules of plugins', { config: outsideOf(files), rbac: { extraRules: [rule] } }],
    ['flags', { config: outsideOf(files), extraArgs: ['--enable-prometheus-cr-watcher'] }],
  ])('is in the pod with %s', async (_, values) => {
    const { spec: pod } = podsOf(await renderChart(values));
    expect(pod.automountServiceAccountToken).toBe(true);
  });

  it.each([
    ['lists in files', files],
    ['a cluster elsewhere', fromElsewhere],
  ])('is not in the pod with nothing but %s', async (_, job) => {
    const objects = await renderChart({ config: outsideOf(job) });
    expect(podsOf(objects).spec.automountServiceAccountToken).toBe(false);
    expect(rightsIn(objects)).toEqual([]);
  });
});

const namespaceName = fc.constantFrom('obs', 'shop', 'pay', 'fleet');
const namespaceNames = fc.uniqueArray(namespaceName, { maxLength: 3 });
const selector = fc.constantFrom(
  {},
  { matchLabels: { team: 'a' } },
  { matchExpressions: [{ key: 'team', operator: 'Exists' }] },
);
const optional = { requiredKeys: [] };

const role = fc.constantFrom('pod', 'service', 'endpoints', 'endpointslice', 'ingress', 'node');
const foreign = fc.record({ role, kubeconfig_file: fc.constant('/etc/other') });
const discovery = fc.record(
  {
    role,
    namespaces: fc.record({ names: namespaceNames, own_namespace: fc.boolean() }, optional),
    attach_metadata: fc.record(
      {
        node: fc.boolean(),
        namespace: fc.boolean(),
        deployment: fc.boolean(),
        cronjob: fc.boolean(),
      },
      optional,
    ),
  },
  { requiredKeys: ['role'] },
);

const customResources = fc
  .record(
    {
      enabled: fc.boolean(),
      limits: fc.constantFrom('allow_namespaces', 'deny_namespaces'),
      limited: namespaceNames,
      secret_namespaces: namespaceNames,
      service_discovery_role: fc.constantFrom('Endpoints', 'EndpointSlice'),
      service_monitor_selector: selector,
      service_monitor_namespace_selector: fc.option(selector),
      pod_monitor_selector: selector,
      pod_monitor_namespace_selector: fc.option(selector),
      probe_selector: selector,
      scrape_config_selector: selector,
      scrape_config_namespace_selector: fc.option(selector),
    },
    { requiredKeys: ['enabled', 'limits', 'limited'] },
  )
  .map(({ limits, limited, ...rest }) => ({ ...rest, [limits]: limited }));

const anyConfig = fc.record(
  {
    collector_namespace: namespaceName,
    collector_selector: selector,
    prometheus_cr: customResources,
    config: fc
      .array(fc.array(fc.oneof(discovery, discovery, foreign), { maxLength: 2 }), {
        minLength: 1,
        maxLength: 3,
      })
      .map((jobs) => ({
        scrape_configs: jobs.map((kubernetes_sd_configs, n) => ({
          job_name: `job-${String(n)}`,
          kubernetes_sd_configs,
        })),
      })),
  },
  { requiredKeys: ['collector_namespace', 'config'] },
);
