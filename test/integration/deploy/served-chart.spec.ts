import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { isClusterAvailable } from '../../fixtures/cluster/cluster.js';
import { isOpensslAvailable, TestAuthority } from '../../fixtures/test-authority.js';
import { BuiltImage } from '../image/built-image.js';
import { grantedVerbs, type RbacObject } from '../rbac/granted-roles.js';
import { config as everything, RightsWorld } from '../rbac/rights-world.js';
import { helm, type KubernetesObject, release, renderChart, theOnly } from './chart.js';
import { type ClientTls, ImagePod } from './pod/image-pod.js';
import { apply, createPodOf } from './pod/installed.js';
import { containerOf, type ServiceManifest, targetPortOf, type Workload } from './pod/manifest.js';

const isPossible = isClusterAvailable && helm !== undefined && isOpensslAvailable;
const built = isPossible ? await BuiltImage.make() : 'no cluster, helm or openssl';
if (typeof built === 'string') console.warn(`the chart is not served: ${built}`);

const settled = { timeout: 60_000, interval: 250 };
const { namespace } = release;

/** The container of a rendered chart, where it runs with the rights of the chart and no others. */
class ServedChart {
  private constructor(
    readonly objects: readonly KubernetesObject[],
    readonly pod: ImagePod,
  ) {}

  static async start(world: RightsWorld, values: object): Promise<ServedChart> {
    const objects = await renderChart(values);
    await apply(world.cluster, objects);
    const workload = theOnly(objects, 'Deployment');
    await createPodOf(world.cluster, workload, 0, { node: 'node-0', ip: '10.0.1.7' });
    const pod = await ImagePod.start(
      built as BuiltImage,
      world.cluster,
      workload as unknown as Workload,
    );
    return new ServedChart(objects, pod);
  }

  /** As the audit log has it. */
  get user(): string {
    return `system:serviceaccount:${namespace}:${theOnly(this.objects, 'ServiceAccount').metadata.name}`;
  }

  /** Every right that the chart gives, as the audit log has it. */
  get granted(): readonly string[] {
    const verbs = grantedVerbs(this.objects as readonly RbacObject[]);
    return [...new Set(verbs.map(({ text }) => text))].toSorted();
  }

  /** Asks its service. @throws Error when the answer is not 200. */
  async ask(port: number, path: string, tls?: ClientTls): Promise<unknown> {
    const service = theOnly(this.objects, 'Service') as unknown as ServiceManifest;
    const workload = theOnly(this.objects, 'Deployment') as unknown as Workload;
    const target = targetPortOf(service, port, containerOf(workload));
    const { status, text } = await this.pod.get(target, path, tls);
    if (status !== 200) throw new Error(`${path}: ${String(status)} ${text}`);
    return JSON.parse(text);
  }

  /** The addresses that a collector gets of a job. */
  async targets(job: string, collector: string): Promise<readonly string[]> {
    const path = `/jobs/${encodeURIComponent(job)}/targets?collector_id=${collector}`;
    const groups = (await this.ask(80, path)) as { readonly targets: readonly string[] }[];
    return groups.flatMap(({ targets }) => targets).toSorted();
  }
}

// The API server streams no lists here, so that `list` is what a list takes: else only older servers need it, and outages.
describe.skipIf(typeof built === 'string')('the chart, run as its pod with its rights', () => {
  let world: RightsWorld;
  beforeAll(async () => {
    world = await RightsWorld.start(0);
    await world.cluster.createNamespace(namespace);
  });
  afterAll(async () => {
    await world.stop();
  });

  async function expectAllRightsUsed({ user, granted }: ServedChart): Promise<void> {
    await expect.poll(() => world.audit.allowed(user), settled).toEqual(granted);
    expect(world.audit.refused(user)).toEqual([]);
  }

  it('serves its own metrics to collectors beside it, with the default values', async () => {
    const collector = { labels: { 'app.kubernetes.io/name': 'opentelemetry-collector' } };
    for (const name of ['c-0', 'c-1']) await world.cluster.pods.create(namespace, name, collector);
    const chart = await ServedChart.start(world, {});
    try {
      await chart.pod.waitUntilReady();
      const given = await Promise.all(
        ['c-0', 'c-1'].map((name) => chart.targets('target-allocator', name)),
      );
      expect(given.flat()).toEqual(['10.0.1.7:8080']);
      await expectAllRightsUsed(chart);
      expect(await chart.pod.stop()).toBe(0);
      expect(chart.pod.program.output).not.toMatch(/"level":"(warn|error)"/);
    } finally {
      await chart.pod.stop();
    }
  });

  it('serves without a token where its configuration needs nothing of the cluster', async () => {
    const chart = await ServedChart.start(world, {
      fullnameOverride: 'outside',
      config: {
        collector_source: { type: 'static', collectors: [{ name: 'c-0' }] },
        config: {
          scrape_configs: [{ job_name: 'shop', static_configs: [{ targets: ['h:1'] }] }],
        },
      },
    });
    try {
      await chart.pod.waitUntilReady();
      expect(await chart.targets('shop', 'c-0')).toEqual(['h:1']);
      expect(chart.granted).toEqual([]);
      expect(chart.pod.program.output).not.toMatch(/"level":"(warn|error)"/);
    } finally {
      await chart.pod.stop();
    }
  });

  it('serves every discovery and kind of resource, and secrets over HTTPS, when asked to', async () => {
    const authority = await TestAuthority.create('authority');
    const fullName = 'full';
    const servername = `${fullName}.${namespace}.svc`;
    const server = await authority.issue({
      ...{ name: fullName, usage: 'serverAuth', alternativeNames: `DNS:${servername}` },
    });
    const client = await authority.issue({ name: 'collector' });
    const ca = authority.own.cert;
    await world.cluster.api('POST', `/api/v1/namespaces/${namespace}/secrets`, {
      metadata: { name: 'full-tls' },
      type: 'kubernetes.io/tls',
      stringData: { 'tls.crt': server.cert, 'tls.key': server.key, 'ca.crt': ca },
    });
    await authority.remove();
    const chart = await ServedChart.start(world, {
      fullnameOverride: fullName,
      config: {
        ...everything,
        allow_insecure_auth_secrets: false,
        // It remembers, for which replicas may need rights, too.
        allocation_strategy: 'least-weighted',
      },
      https: { enabled: true, existingSecret: 'full-tls' },
    });
    try {
      await chart.pod.waitUntilReady();
      const jobs = await chart.ask(80, '/scrape_configs');
      expect(Object.keys(jobs as object)).toHaveLength(10);
      for (const job of Object.keys(jobs as object)) {
        expect(await chart.targets(job, 'c-0'), job).not.toEqual([]);
      }
      const tls = { ca, servername, cert: client.cert, key: client.key };
      const credentials = {
        'serviceMonitor/shop/web/0': { authorization: { credentials: 'first' } },
      };
      expect(jobs).not.toMatchObject(credentials);
      expect(await chart.ask(443, '/scrape_configs', tls)).toMatchObject(credentials);
      await expect(chart.ask(443, '/scrape_configs', { ca, servername })).rejects.toThrow();
      await expectAllRightsUsed(chart);
      expect(await rejectionsTold()).toEqual(['broken']);
    } finally {
      await chart.pod.stop();
    }
  });

  /** The resources whose authors were told by an Event. */
  async function rejectionsTold(): Promise<readonly string[]> {
    const list = (await world.cluster.api('GET', '/api/v1/namespaces/shop/events')) as {
      readonly items: readonly { readonly involvedObject: { readonly name: string } }[];
    };
    return [...new Set(list.items.map(({ involvedObject }) => involvedObject.name))];
  }
});
