import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { Cluster, isClusterAvailable } from '../../fixtures/cluster/cluster.js';
import { eventually } from '../../fixtures/eventually.js';
import {
  chartFolder,
  helm,
  type KubernetesObject,
  kustomize,
  parseObjects,
  release,
  renderAll,
  repository,
  theOnly,
  withValues,
} from './chart.js';
import { pathOf } from './object-path.js';

const run = promisify(execFile);
const crds = [
  '../../conformance/crds/monitoring.coreos.com_servicemonitors.yaml',
  'crds/cert-manager.io_certificates.yaml',
  'crds/cert-manager.io_issuers.yaml',
];
const restricted = { 'pod-security.kubernetes.io/enforce': 'restricted' };
const workloads = ['Deployment', 'StatefulSet', 'DaemonSet'];

const { namespace } = release;
const plugins = [
  { name: 'one', image: 'registry.example.org/one:1' },
  { name: 'two', image: 'registry.example.org/two:1', mount: 'copy' },
];
const certManager = { enabled: true };
const variants: Readonly<Record<string, object>> = {
  'the default values': {},
  'all that it can': {
    kind: 'StatefulSet',
    https: { enabled: true, certManager },
    serviceMonitor: { enabled: true },
    dashboard: { enabled: true },
    networkPolicy: { enabled: true, apiServer: { cidrs: ['10.96.0.1/32'] } },
    collectors: { kind: 'StatefulSet' },
    plugins,
    config: { prometheus_cr: { enabled: true, service_monitor_selector: {} } },
    extraEnv: [{ name: 'OTEL_SERVICE_NAME', value: 'ta' }],
    extraVolumes: [{ name: 'more', emptyDir: {} }],
    extraVolumeMounts: [{ name: 'more', mountPath: '/more' }],
  },
  'a given secret and a ConfigMap of its own': {
    https: { enabled: true, existingSecret: 'tls' },
    existingConfigMap: 'theirs',
    rbac: { config: { config: { scrape_configs: [{ job_name: 'n' }] } } },
    collectors: { kind: 'DaemonSet' },
  },
};

describe.skipIf(!isClusterAvailable || helm === undefined)('a cluster with restricted pods', () => {
  let cluster: Cluster;

  beforeAll(async () => {
    cluster = await Cluster.start();
    for (const name of [namespace, 'target-allocator']) {
      await cluster.api('POST', '/api/v1/namespaces', { metadata: { name, labels: restricted } });
    }
    const definitions = '/apis/apiextensions.k8s.io/v1/customresourcedefinitions';
    for (const file of crds) {
      const text = await readFile(join(import.meta.dirname, file), 'utf8');
      await cluster.api('POST', definitions, parse(text));
    }
    for (const served of [
      'monitoring.coreos.com/v1/servicemonitors',
      'cert-manager.io/v1/certificates',
      'cert-manager.io/v1/issuers',
    ]) {
      await eventually(`${served} are served`, async () => {
        await cluster.api('GET', `/apis/${served}`);
        return true;
      });
    }
  });
  afterAll(() => cluster.stop());

  /** Server-side dry run, where unknown fields are errors; of the pods, too, which no controller makes here. */
  async function tryOut(object: KubernetesObject): Promise<void> {
    await cluster.api('POST', `${pathOf(object)}?dryRun=All&fieldValidation=Strict`, object);
    if (workloads.includes(object.kind)) await cluster.api('POST', tryPods(object), podOf(object));
  }

  it.each(Object.entries(variants))('takes the chart with %s', async (_, values) => {
    const objects = await renderAll(values);
    expect(objects.length).toBeGreaterThan(4);
    for (const object of objects) await tryOut(object);
  });

  it.each(['base', 'overlays/statefulset', 'overlays/daemonset', 'overlays/namespace-scoped'])(
    'takes the kustomization %s',
    async (path) => {
      if (kustomize === undefined) return;
      const folder = join(repository, 'deploy/kustomize', path);
      const objects = parseObjects((await run(kustomize, ['build', folder])).stdout);
      const own = objects.filter(({ kind }) => kind !== 'Namespace');
      for (const object of own) await tryOut(object);
    },
  );

  it.each([
    ['runAsNonRoot', { podSecurityContext: { runAsNonRoot: false } }],
    ['seccompProfile', { podSecurityContext: { seccompProfile: null } }],
    ['allowPrivilegeEscalation', { securityContext: { allowPrivilegeEscalation: true } }],
    ['unrestricted capabilities', { securityContext: { capabilities: { drop: [] } } }],
  ])('would refuse pods that are less than restricted: %s', async (told, values) => {
    const deployment = theOnly(await renderAll(values), 'Deployment');
    const answer = cluster.api('POST', tryPods(deployment), podOf(deployment));
    await expect(answer).rejects.toThrow(new RegExp(`violates PodSecurity.*${told}`));
  });

  it('would refuse what is no field', async () => {
    const deployment = theOnly(await renderAll(), 'Deployment');
    const wrong = { ...deployment, spec: { ...deployment.spec, replcas: 1 } };
    await expect(tryOut(wrong)).rejects.toThrow('spec.replcas');
  });

  it('has the chart installed, changed and removed by one command each', async () => {
    const where = ['--kubeconfig', await cluster.kubeConfig(), '--namespace', namespace];
    const call = async (values: object, ...args: readonly string[]): Promise<string> =>
      withValues(values, async (file) => {
        const { stdout } = await run(helm ?? '', [...args, ...where, '--values', file]);
        return stdout;
      });
    const installed = await call({}, 'install', release.name, chartFolder);
    expect(installed).toContain('http://ta-target-allocator.obs:80');
    expect(installed).toContain('pods with app.kubernetes.io/name=opentelemetry-collector');
    const existing = { existingConfigMap: 'theirs' };
    const upgraded = await call(existing, 'upgrade', release.name, chartFolder);
    expect(upgraded).toContain(
      'target-allocator rbac --config-file targetallocator.yaml --service-account obs/ta-target-allocator',
    );
    const roles = `/apis/rbac.authorization.k8s.io/v1/namespaces/${namespace}/roles`;
    expect(await cluster.api('GET', roles)).toMatchObject({ items: [] });
    await run(helm ?? '', ['uninstall', release.name, ...where, '--wait=false']);
  });
});

function tryPods({ metadata }: KubernetesObject): string {
  return `/api/v1/namespaces/${metadata.namespace ?? ''}/pods?dryRun=All&fieldValidation=Strict`;
}

/** As a controller would make it. */
function podOf({ metadata: { name }, spec }: KubernetesObject): object {
  const { template } = spec ?? {};
  const metadata = { ...template?.metadata, name: `${name}-0` };
  return { apiVersion: 'v1', kind: 'Pod', metadata, spec: template?.spec };
}
