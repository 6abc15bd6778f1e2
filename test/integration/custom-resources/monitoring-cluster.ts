import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { Allocator } from '../../fixtures/allocator.js';
import { Cluster } from '../../fixtures/cluster/cluster.js';
import { eventually } from '../../fixtures/eventually.js';

const definitions = '/apis/apiextensions.k8s.io/v1/customresourcedefinitions';
const mergePatch = 'application/merge-patch+json';

/** The kinds of prometheus-operator. */
export const kinds = {
  servicemonitors: { kind: 'ServiceMonitor', version: 'v1' },
  podmonitors: { kind: 'PodMonitor', version: 'v1' },
  probes: { kind: 'Probe', version: 'v1' },
  scrapeconfigs: { kind: 'ScrapeConfig', version: 'v1alpha1' },
} as const;
export type Plural = keyof typeof kinds;
export const allPlurals = Object.keys(kinds) as readonly Plural[];

const selectAll = {
  service_monitor_selector: {},
  pod_monitor_selector: {},
  probe_selector: {},
  scrape_config_selector: {},
};

/** The configuration of an allocator that watches custom resources for one collector. */
export function watchingConfig(prometheusCr: object = {}, jobs: readonly object[] = []): object {
  return {
    collector_namespace: 'observability',
    collector_source: { type: 'static', collectors: [{ name: 'c-0' }] },
    prometheus_cr: { enabled: true, ...selectAll, ...prometheusCr },
    config: { scrape_configs: jobs },
  };
}

interface Definition {
  readonly spec: { readonly versions: { schema: object }[] };
}
interface DefineOptions {
  /** Without a schema, as in clusters whose definitions are of another version. */
  readonly takesAnything?: boolean;
}

interface RunOptions {
  /** @default that of one who may do everything */
  readonly token?: string;
  readonly flags?: readonly string[];
  readonly env?: NodeJS.ProcessEnv;
}

/** A control plane with the definitions of prometheus-operator. */
export class MonitoringCluster {
  private constructor(readonly cluster: Cluster) {}

  static async start(
    plurals: readonly Plural[] = allPlurals,
    options: DefineOptions = {},
  ): Promise<MonitoringCluster> {
    const monitoring = new MonitoringCluster(await Cluster.start());
    for (const plural of plurals) await monitoring.define(plural, options);
    return monitoring;
  }

  stop(): Promise<void> {
    return this.cluster.stop();
  }

  /** Installs a definition, and waits until its objects can be asked for. */
  async define(plural: Plural, options: DefineOptions = {}): Promise<void> {
    const folder = join(import.meta.dirname, '../../conformance/crds');
    const text = readFileSync(join(folder, `monitoring.coreos.com_${plural}.yaml`), 'utf8');
    const definition = parse(text) as Definition;
    if (options.takesAnything === true) {
      for (const version of definition.spec.versions) {
        version.schema = {
          openAPIV3Schema: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true },
        };
      }
    }
    await this.cluster.api('POST', definitions, definition);
    await eventually(`${plural} are served`, async () => {
      await this.cluster.api('GET', `${root(plural)}/${plural}`);
      return true;
    });
  }

  /** Removes a definition and all its objects. */
  async undefine(plural: Plural): Promise<void> {
    await this.cluster.api('DELETE', `${definitions}/${plural}.monitoring.coreos.com`);
  }

  async namespace(name: string, labels: object = {}): Promise<void> {
    await this.cluster.api('POST', '/api/v1/namespaces', { metadata: { name, labels } });
  }

  async labelNamespace(name: string, labels: object): Promise<void> {
    await this.cluster.api(
      'PATCH',
      `/api/v1/namespaces/${name}`,
      { metadata: { labels } },
      mergePatch,
    );
  }

  /** @param key `namespace/name` */
  async create(plural: Plural, key: string, spec: object, labels: object = {}): Promise<void> {
    const [namespace = '', name = ''] = key.split('/');
    const { kind, version } = kinds[plural];
    await this.cluster.api('POST', `${root(plural)}/namespaces/${namespace}/${plural}`, {
      apiVersion: `monitoring.coreos.com/${version}`,
      kind,
      metadata: { name, labels },
      spec,
    });
  }

  /** Merges what is given into the object. */
  async patch(plural: Plural, key: string, change: object): Promise<void> {
    await this.cluster.api('PATCH', pathOf(plural, key), change, mergePatch);
  }

  async delete(plural: Plural, key: string): Promise<void> {
    await this.cluster.api('DELETE', pathOf(plural, key));
  }

  async secret(key: string, stringData: Readonly<Record<string, string>>): Promise<void> {
    const [namespace = '', name = ''] = key.split('/');
    const secrets = `/api/v1/namespaces/${namespace}/secrets`;
    const body = { metadata: { name }, stringData };
    await this.cluster
      .api('PATCH', `${secrets}/${name}`, { stringData }, mergePatch)
      .catch(() => this.cluster.api('POST', secrets, body));
  }

  async deleteSecret(key: string): Promise<void> {
    const [namespace = '', name = ''] = key.split('/');
    await this.cluster.api('DELETE', `/api/v1/namespaces/${namespace}/secrets/${name}`);
  }

  async allocator(config: object, options: RunOptions = {}): Promise<Allocator> {
    const { token = this.cluster.adminToken, flags = [], env = {} } = options;
    const kubeconfigPath = await this.cluster.kubeConfig({ token });
    return Allocator.start({ config, kubeconfigPath, flags, env });
  }
}

/** The smallest ServiceMonitor there is, with further fields of its endpoint. */
export function serviceMonitor(endpoint: object = {}): object {
  return { selector: {}, endpoints: [{ port: 'http', ...endpoint }] };
}

/** The smallest PodMonitor there is. */
export function podMonitor(endpoint: object = {}): object {
  return { selector: {}, podMetricsEndpoints: [{ port: 'http', ...endpoint }] };
}

/** The names of the jobs that an allocator serves. @throws Error for anything but a 200. */
export async function jobsOf(allocator: Allocator): Promise<readonly string[]> {
  return Object.keys(await configsOf(allocator)).sort();
}

export async function configsOf(allocator: Allocator): Promise<Readonly<Record<string, unknown>>> {
  return (await allocator.getJson('/scrape_configs')) as Readonly<Record<string, unknown>>;
}

function root(plural: Plural): string {
  return `/apis/monitoring.coreos.com/${kinds[plural].version}`;
}

function pathOf(plural: Plural, key: string): string {
  const [namespace = '', name = ''] = key.split('/');
  return `${root(plural)}/namespaces/${namespace}/${plural}/${name}`;
}
