import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { realPart } from '../../fixtures/real-parts/real-parts.js';
import {
  chartFolder,
  helm,
  type KubernetesObject,
  podsOf,
  renderAll,
  renderChart,
  theOnly,
  withValues,
} from './chart.js';

const run = promisify(execFile);
const otelcol = realPart('otelcol');

function configIn(objects: readonly KubernetesObject[]): unknown {
  return parse(theOnly(objects, 'ConfigMap').data?.['targetallocator.yaml'] ?? '');
}

describe.skipIf(helm === undefined)('the chart', () => {
  it('is what helm holds to be a good one', async () => {
    const { stdout } = await run(helm ?? '', ['lint', '--strict', chartFolder]);
    expect(stdout).toContain('0 chart(s) failed');
  });

  it.each([
    [{ replcas: 3 }, 'replcas'],
    [{ kind: 'DaemonSet' }, '/kind'],
    [{ image: { digest: 'sha256:1' } }, '/image/digest'],
    [{ plugins: [{ name: 'Zone First', image: 'i' }] }, '/plugins/0/name'],
    [{ https: { enabled: true } }, 'https.existingSecret or https.certManager.enabled'],
    [
      { config: { config: { scrape_configs: [{ kubernetes_sd_configs: [{ role: 'Pod' }] }] } } },
      '/role',
    ],
  ])('refuses values that mean nothing: %j', async (values, told) => {
    await expect(renderChart(values)).rejects.toThrow(told);
  });

  it('runs without rights on its node, and writes nowhere but where it is allowed to', async () => {
    const { spec: pod, container } = podsOf(await renderChart());
    expect(pod.securityContext).toMatchObject({
      runAsNonRoot: true,
      runAsUser: 65532,
      seccompProfile: { type: 'RuntimeDefault' },
    });
    expect(container.securityContext).toEqual({
      allowPrivilegeEscalation: false,
      readOnlyRootFilesystem: true,
      capabilities: { drop: ['ALL'] },
    });
  });

  it('asks for liveness and readiness where they are told apart', async () => {
    const { container } = podsOf(await renderChart());
    const probes = [container.startupProbe, container.livenessProbe, container.readinessProbe];
    expect(probes.map((probe) => probe?.httpGet)).toEqual([
      { path: '/livez', port: 'http' },
      { path: '/livez', port: 'http' },
      { path: '/readyz', port: 'http' },
    ]);
    expect(container.ports).toEqual([{ name: 'http', containerPort: 8080, protocol: 'TCP' }]);
  });

  it('restarts nothing for a changed configuration, whose file is followed', async () => {
    const former = await renderChart();
    const changed = await renderChart({ config: { collector_not_ready_grace_period: '1m' } });
    expect(theOnly(changed, 'ConfigMap')).not.toEqual(theOnly(former, 'ConfigMap'));
    expect(theOnly(changed, 'Deployment')).toEqual(theOnly(former, 'Deployment'));
  });

  it('hands the configuration over as it was written', async () => {
    const jobs = [
      { job_name: '{{ .Values }} $1', sample_limit: 12_345_678, static_configs: [] },
      { job_name: 'no', params: { on: ['yes', '1e3', '007', 'ünïcode\n'] } },
    ];
    const written = {
      collector_selector: { matchLabels: {} },
      config: { global: { scrape_interval: '30s' }, scrape_configs: jobs },
    };
    expect(configIn(await renderChart({ config: written }))).toEqual({
      allocation_strategy: 'consistent-hashing',
      filter_strategy: 'relabel-config',
      ...written,
    });
  });

  it('takes its own collectors, where it has some, and else those of the chart of collectors', async () => {
    const name = 'app.kubernetes.io/name';
    expect(configIn(await renderChart())).toMatchObject({
      collector_selector: { matchLabels: { [name]: 'opentelemetry-collector' } },
    });
    const objects = await renderAll({ collectors: { kind: 'DaemonSet' } });
    const maps = objects.filter(({ kind }) => kind === 'ConfigMap');
    const [own = {}] = maps
      .flatMap(({ data }) => data?.['targetallocator.yaml'] ?? [])
      .map((text) => parse(text) as object);
    const { labels } = podsOf(objects, 'DaemonSet').metadata;
    expect(own).toMatchObject({ collector_selector: { matchLabels: labels } });
  });

  it('takes a ConfigMap that is there, and hides nothing that it says', async () => {
    const objects = await renderChart({ existingConfigMap: 'theirs' });
    expect(objects.filter(({ kind }) => kind === 'ConfigMap')).toEqual([]);
    const { spec: pod, container } = podsOf(objects);
    expect(pod.volumes[0]?.configMap?.name).toBe('theirs');
    expect(container.env).toBeUndefined();
    const named = podsOf(
      await renderChart({ existingConfigMap: 't', collectorNamespace: 'fleet' }),
    );
    expect(named.container.env).toEqual([{ name: 'OTELCOL_NAMESPACE', value: 'fleet' }]);
  });

  it('brings plugins from images, mounted or copied', async () => {
    const plugins = [
      { name: 'one', image: 'one:1' },
      { name: 'two', image: 'two:1', from: '/lib/plugins', mount: 'copy' },
    ];
    const { spec: pod, container } = podsOf(await renderChart({ plugins }));
    expect(container.args).toContain('--plugin-dir=/plugins/one,/plugins/two');
    expect(container.volumeMounts.slice(-2)).toEqual([
      { name: 'plugin-one', mountPath: '/plugins/one', readOnly: true, subPath: 'plugins' },
      { name: 'plugin-two', mountPath: '/plugins/two', readOnly: true },
    ]);
    expect(pod.volumes.slice(-2)).toEqual([
      { name: 'plugin-one', image: { reference: 'one:1', pullPolicy: 'IfNotPresent' } },
      { name: 'plugin-two', emptyDir: {} },
    ]);
    expect(pod.initContainers).toMatchObject([
      { image: 'two:1', command: ['cp', '-r', '/lib/plugins/.', '/into'] },
    ]);
  });

  it('gives certificates to the allocator and to its collectors', async () => {
    const objects = await renderChart({
      https: { enabled: true, certManager: { enabled: true } },
      collectors: { kind: 'StatefulSet' },
    });
    const { spec: pod, container } = podsOf(objects);
    expect(pod.volumes).toContainEqual({
      name: 'tls',
      secret: { secretName: 'ta-target-allocator-server', defaultMode: 0o440 },
    });
    expect(container.args).toContain('--https-tls-cert-file=/tls/tls.crt');
    const services = objects.filter(({ kind }) => kind === 'Service');
    expect(services.map(({ spec }) => spec?.ports)).toContainEqual([
      { name: 'http', port: 80, targetPort: 'http', protocol: 'TCP' },
      { name: 'https', port: 443, targetPort: 'https', protocol: 'TCP' },
    ]);
    const [collector] = objects.flatMap(({ data }) => data?.['collector.yaml'] ?? []);
    expect(parse(collector ?? '')).toMatchObject({
      receivers: {
        prometheus: {
          target_allocator: {
            endpoint: 'https://ta-target-allocator:443',
            tls: { cert_file: '/tls/tls.crt' },
          },
        },
      },
    });
    expect(podsOf(objects, 'StatefulSet').spec.volumes).toContainEqual({
      name: 'tls',
      secret: { secretName: 'ta-target-allocator-client', defaultMode: 0o440 },
    });
  });

  it.skipIf(otelcol === undefined)('gives its collectors what a collector takes', async () => {
    const objects = await renderChart({ collectors: { kind: 'StatefulSet' } });
    const [text = ''] = objects.flatMap(({ data }) => data?.['collector.yaml'] ?? []);
    // The collector of the tests reads no environment.
    const config = parse(text.replace('${env:POD_NAME}', 'c-0')) as object;
    await withValues(config, (file) => run(otelcol ?? '', ['validate', '--config', file]));
    await expect(
      withValues({ ...config, receivers: {} }, (file) =>
        run(otelcol ?? '', ['validate', '--config', file]),
      ),
    ).rejects.toThrow('receiver');
  });

  it('lets the allocator reach what its configuration names, and closes the rest', async () => {
    const jobs = [
      { job_name: 'a', http_sd_configs: [{ url: 'https://sd.example.org/targets' }] },
      { job_name: 'b', http_sd_configs: [{ url: 'http://10.1.2.3:9000/' }] },
      { job_name: 'c', kubernetes_sd_configs: [{ role: 'pod', api_server: 'https://[::1]:7443' }] },
    ];
    const objects = await renderChart({
      networkPolicy: { enabled: true, apiServer: { cidrs: ['10.96.0.1/32'] } },
      config: { config: { scrape_configs: jobs } },
    });
    const { policyTypes, egress, ingress } = theOnly(objects, 'NetworkPolicy').spec ?? {};
    expect(policyTypes).toEqual(['Ingress', 'Egress']);
    expect(ingress).toEqual([{ ports: [{ protocol: 'TCP', port: 8080 }] }]);
    const tcp = (port: number) => ({ protocol: 'TCP', port });
    expect(egress).toEqual([
      { ports: [{ protocol: 'UDP', port: 53 }, tcp(53)] },
      { ports: [tcp(443), tcp(6443)], to: [{ ipBlock: { cidr: '10.96.0.1/32' } }] },
      { ports: [tcp(9000)], to: [{ ipBlock: { cidr: '10.1.2.3/32' } }] },
      { ports: [tcp(443)] },
      { ports: [tcp(7443)] },
    ]);
    const others = (await renderChart()).map(({ kind }) => kind);
    expect(others).not.toContain('NetworkPolicy');
  });

  it('checks the configuration of a release by the allocator itself', async () => {
    const objects = await renderAll({ https: { enabled: true, existingSecret: 's' } });
    const test = theOnly(objects, 'Pod');
    const { container } = podsOf(objects);
    const [checking] = test.spec?.containers ?? [];
    expect(checking?.args).toEqual(['check', ...container.args]);
    expect(checking?.volumeMounts).toEqual(container.volumeMounts);
  });
});
