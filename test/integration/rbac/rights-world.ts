import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { Allocator, allocatorCommand } from '../../fixtures/allocator.js';
import { Cluster } from '../../fixtures/cluster/cluster.js';
import { eventually } from '../../fixtures/eventually.js';
import { runProgram } from '../../fixtures/run-program.js';
import { ClusterObjects, podSpec } from '../kubernetes-sd/cluster-objects.js';
import { AuditLog } from './audit-log.js';
import {
  applyRoles,
  type GrantedVerb,
  parseRoles,
  type RbacObject,
  rolesWithout,
} from './granted-roles.js';

const crds = join(import.meta.dirname, '../../conformance/crds');
const monitoring = '/apis/monitoring.coreos.com';
const versions = {
  servicemonitors: 'v1',
  podmonitors: 'v1',
  probes: 'v1',
  scrapeconfigs: 'v1alpha1',
};
const base = 'ta-base';

function discovering(role: string, further: object = {}): object {
  const entry = { role, namespaces: { names: ['shop'] }, ...further };
  return { job_name: role, kubernetes_sd_configs: [entry] };
}

/** Asks for every kind of right that there is. */
export const config = {
  collector_namespace: 'observability',
  collector_selector: { matchLabels: { app: 'otel' } },
  allow_insecure_auth_secrets: true,
  prometheus_cr: {
    enabled: true,
    allow_namespaces: ['shop'],
    secret_namespaces: ['shop'],
    service_monitor_selector: {},
    service_monitor_namespace_selector: { matchLabels: { monitored: 'yes' } },
    pod_monitor_selector: {},
    probe_selector: {},
    scrape_config_selector: {},
  },
  config: {
    scrape_configs: [
      discovering('pod', { attach_metadata: { deployment: true, cronjob: true } }),
      ...['service', 'endpoints', 'endpointslice', 'ingress'].map((role) => discovering(role)),
      { job_name: 'node', kubernetes_sd_configs: [{ role: 'node' }] },
    ],
  },
};

/** What an allocator serves: by job, its targets as text. */
export type Served = Readonly<Record<string, string>>;

/** A cluster with everything that the configuration asks for, and users without any rights until roles are applied. */
export class RightsWorld {
  #users = 0;

  private constructor(
    readonly cluster: Cluster,
    readonly audit: AuditLog,
    /** What `target-allocator rbac` prints for the configuration. */
    readonly roles: readonly RbacObject[],
  ) {}

  static async start(users: number): Promise<RightsWorld> {
    const audit = await AuditLog.create();
    // Servers that stream lists need the verb watch alone, until something goes wrong.
    const flags = ['--feature-gates=WatchList=false', ...audit.apiserverFlags];
    const cluster = await Cluster.start({ apiserverFlags: flags });
    const accounts = Array.from({ length: users }, (_, n) => [`token-${String(n)}`, userOf(n)]);
    await cluster.writeTokens({ ...Object.fromEntries(accounts), [cluster.adminToken]: 'admin' });
    await cluster.killApiserver();
    await cluster.startApiserver();
    await fill(cluster);
    return new RightsWorld(cluster, audit, await printedRoles(cluster));
  }

  async stop(): Promise<void> {
    await this.cluster.stop();
    await this.audit.remove();
  }

  /** Starts an allocator with what `rbac` printed, without one verb of it. */
  async allocator(without?: GrantedVerb): Promise<{ allocator: Allocator; user: string }> {
    const number = this.#users++;
    const rename = { from: base, to: `ta-${String(number)}` };
    await applyRoles(this.cluster, rolesWithout(this.roles, without, rename));
    const kubeconfigPath = await this.cluster.kubeConfig({ token: `token-${String(number)}` });
    const flags = ['--startup-timeout=2s'];
    const allocator = await Allocator.start({ config, kubeconfigPath, flags });
    return { allocator, user: userOf(number) };
  }
}

/** @param jobs Those that are asked for. */
export async function servedBy(allocator: Allocator, jobs: readonly string[]): Promise<Served> {
  const configs = await allocator.get('/scrape_configs');
  const known = configs.status === 200 ? (JSON.parse(configs.text) as Record<string, unknown>) : {};
  const served: Record<string, string> = {};
  for (const job of new Set([...jobs, ...Object.keys(known)])) {
    const path = `/jobs/${encodeURIComponent(job)}/targets?collector_id=c-0`;
    const { status, text } = await allocator.get(path);
    const targets = status === 200 ? (JSON.parse(text) as unknown[]) : [];
    const lines = targets.map((target) => JSON.stringify(target)).toSorted();
    const whole = [JSON.stringify(known[job]), String(status), ...lines].join('\n');
    // Each allocator has a file of its own for its token.
    served[job] = whole.replaceAll(/kubeconfig-\d+/g, 'kubeconfig');
  }
  return served;
}

function userOf(number: number): string {
  return `system:serviceaccount:observability:ta-${String(number)}`;
}

async function printedRoles(cluster: Cluster): Promise<readonly RbacObject[]> {
  const { command, args } = allocatorCommand();
  const file = await cluster.writeFile('targetallocator.yaml', JSON.stringify(config));
  const flags = ['--config-file', file, '--service-account', `observability/${base}`];
  return parseRoles(await runProgram(command, [...args, 'rbac', ...flags], cluster.folder));
}

/** Makes what {@link config} asks for, and what its jobs find. */
export async function fill(cluster: Cluster): Promise<void> {
  const objects = new ClusterObjects(cluster, 'shop');
  const pods = await objects.create(2);
  await objects.createEndpoints('service', pods);
  await cluster.api(
    'PATCH',
    '/api/v1/namespaces/shop',
    { metadata: { labels: { monitored: 'yes' } } },
    'application/merge-patch+json',
  );
  await cluster.createNamespace('observability');
  await cluster.pods.create('observability', 'c-0', { labels: { app: 'otel' } });
  await createOwners(cluster);
  await createServices(cluster);
  for (const plural of Object.keys(versions)) await define(cluster, plural);
  await createMonitors(cluster);
}

/** A pod of a Deployment and one of a CronJob, as their controllers would have made them. */
async function createOwners(cluster: Cluster): Promise<void> {
  const template = {
    metadata: { labels: { a: 'b' } },
    spec: { containers: [{ name: 'c', image: 'c' }] },
  };
  const owners = [
    {
      api: 'apps/v1',
      plural: 'replicasets',
      kind: 'ReplicaSet',
      by: 'Deployment',
      byApi: 'apps/v1',
    },
    { api: 'batch/v1', plural: 'jobs', kind: 'Job', by: 'CronJob', byApi: 'batch/v1' },
  ];
  for (const [n, { api, plural, kind, by, byApi }] of owners.entries()) {
    const owner = {
      apiVersion: byApi,
      kind: by,
      name: `${by.toLowerCase()}-0`,
      uid: `u-${by}`,
      controller: true,
    };
    const name = `${kind.toLowerCase()}-0`;
    const spec =
      kind === 'Job'
        ? { template: { spec: { ...template.spec, restartPolicy: 'Never' } } }
        : { selector: { matchLabels: { a: 'b' } }, template };
    const made = (await cluster.api('POST', `/apis/${api}/namespaces/shop/${plural}`, {
      metadata: { name, ownerReferences: [owner] },
      spec,
    })) as { readonly metadata: { readonly uid: string } };
    const reference = { apiVersion: api, kind, name, uid: made.metadata.uid, controller: true };
    const path = `/api/v1/namespaces/shop/pods/${podSpec(n).name}`;
    const metadata = { ownerReferences: [reference] };
    await cluster.api('PATCH', path, { metadata }, 'application/merge-patch+json');
  }
}

async function createServices(cluster: Cluster): Promise<void> {
  await cluster.api('POST', '/api/v1/namespaces/shop/services', {
    metadata: { name: 'service', labels: { app: 'web' } },
    spec: { ports: [{ name: 'metrics', port: 8080 }] },
  });
  await cluster.api('POST', '/apis/networking.k8s.io/v1/namespaces/shop/ingresses', {
    metadata: { name: 'front' },
    spec: {
      defaultBackend: { service: { name: 'service', port: { number: 8080 } } },
      rules: [{ host: 'shop.test' }],
    },
  });
  await cluster.api('POST', '/api/v1/namespaces/shop/secrets', {
    metadata: { name: 'creds' },
    stringData: { token: 'first' },
  });
  await cluster.api('POST', '/api/v1/namespaces/shop/configmaps', {
    metadata: { name: 'ids' },
    data: { id: 'client-one' },
  });
}

async function define(cluster: Cluster, plural: string): Promise<void> {
  const file = join(crds, `monitoring.coreos.com_${plural}.yaml`);
  const definitions = '/apis/apiextensions.k8s.io/v1/customresourcedefinitions';
  await cluster.api('POST', definitions, parse(readFileSync(file, 'utf8')));
  const version = Reflect.get(versions, plural) as string;
  await eventually(`${plural} are served`, async () => {
    await cluster.api('GET', `${monitoring}/${version}/${plural}`);
    return true;
  });
}

async function createMonitors(cluster: Cluster): Promise<void> {
  const create = async (
    plural: string,
    kind: string,
    name: string,
    spec: object,
  ): Promise<void> => {
    const version = Reflect.get(versions, plural) as string;
    await cluster.api('POST', `${monitoring}/${version}/namespaces/shop/${plural}`, {
      apiVersion: `monitoring.coreos.com/${version}`,
      ...{ kind, metadata: { name }, spec },
    });
  };
  const credentials = { name: 'creds', key: 'token' };
  const oauth2 = {
    clientId: { configMap: { name: 'ids', key: 'id' } },
    clientSecret: credentials,
    tokenUrl: 'https://issuer/token',
  };
  await create('servicemonitors', 'ServiceMonitor', 'web', {
    selector: {},
    endpoints: [{ port: 'metrics', authorization: { credentials } }],
  });
  // Refers to a Secret that is not there, of which its author is told by an Event.
  await create('servicemonitors', 'ServiceMonitor', 'broken', {
    selector: {},
    endpoints: [{ port: 'metrics', authorization: { credentials: { name: 'none', key: 'k' } } }],
  });
  await create('podmonitors', 'PodMonitor', 'pods', {
    attachMetadata: { node: true },
    selector: {},
    podMetricsEndpoints: [{ portNumber: 8080, oauth2 }],
  });
  const prober = { url: 'prober:9115' };
  await create('probes', 'Probe', 'front', { prober, targets: { ingress: { selector: {} } } });
  await create('scrapeconfigs', 'ScrapeConfig', 'static', {
    staticConfigs: [{ targets: ['static:1'] }],
  });
}
