import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { Cluster } from '../../fixtures/cluster/cluster.js';
import { eventually } from '../../fixtures/eventually.js';

const mergePatch = 'application/merge-patch+json';
const rbac = '/apis/rbac.authorization.k8s.io/v1';
const crds = join(import.meta.dirname, '../../conformance/crds');
const versions: Readonly<Record<string, string>> = {
  servicemonitors: 'v1',
  podmonitors: 'v1',
  probes: 'v1',
  scrapeconfigs: 'v1alpha1',
};

export type MonitorPlural = 'servicemonitors' | 'podmonitors' | 'probes' | 'scrapeconfigs';

export interface KubernetesEvent {
  readonly type: string;
  readonly reason: string;
  readonly message: string;
  readonly involvedObject: { readonly name: string; readonly uid: string; readonly kind: string };
}

/** A control plane with the custom resources of the Prometheus operator, whose user may read them. */
export class MonitoringCluster {
  private constructor(readonly cluster: Cluster) {}

  static async start(namespaces: readonly string[]): Promise<MonitoringCluster> {
    const started = new MonitoringCluster(await Cluster.start());
    for (const plural of Object.keys(versions)) await started.#define(plural);
    for (const namespace of namespaces) await started.cluster.createNamespace(namespace);
    await started.#grantMonitors();
    return started;
  }

  stop(): Promise<void> {
    return this.cluster.stop();
  }

  /** A kubeconfig of the user, who may read monitors and namespaces, and what {@link grant} says. */
  kubeConfig(): Promise<string> {
    return this.cluster.kubeConfig({ token: this.cluster.userToken });
  }

  /** Lets the user do something in one namespace. */
  async grant(namespace: string, resource: string, verbs: readonly string[]): Promise<void> {
    const roles = `${rbac}/namespaces/${namespace}`;
    const rules = [{ apiGroups: [''], resources: [resource], verbs }];
    await this.#bind(roles, 'Role', `user-${resource}`, rules);
  }

  /** Makes or replaces the values of a Secret. */
  async putSecret(
    namespace: string,
    name: string,
    stringData: Readonly<Record<string, string>>,
  ): Promise<void> {
    await this.deleteKeysOf(namespace, name);
    await this.#apply(`/api/v1/namespaces/${namespace}/secrets`, name, { stringData });
  }

  async deleteKeysOf(namespace: string, name: string): Promise<void> {
    const path = `/api/v1/namespaces/${namespace}/secrets/${name}`;
    const patch = this.cluster.api('PATCH', path, { data: null }, mergePatch);
    await patch.catch((error: unknown) => {
      if (!String(error).includes('404')) throw error;
    });
  }

  async deleteSecret(namespace: string, name: string): Promise<void> {
    await this.cluster.api('DELETE', `/api/v1/namespaces/${namespace}/secrets/${name}`);
  }

  async putConfigMap(
    namespace: string,
    name: string,
    data: Readonly<Record<string, string>>,
  ): Promise<void> {
    await this.#apply(`/api/v1/namespaces/${namespace}/configmaps`, name, { data });
  }

  /** Makes or replaces a monitor and gives its uid. */
  async putMonitor(
    plural: MonitorPlural,
    namespace: string,
    name: string,
    spec: unknown,
  ): Promise<string> {
    const api = `/apis/monitoring.coreos.com/${versions[plural] ?? ''}`;
    return this.#apply(`${api}/namespaces/${namespace}/${plural}`, name, { spec });
  }

  async events(namespace: string): Promise<readonly KubernetesEvent[]> {
    const list = await this.cluster.api('GET', `/api/v1/namespaces/${namespace}/events`);
    return (list as { readonly items: readonly KubernetesEvent[] }).items;
  }

  async #apply(path: string, name: string, content: object): Promise<string> {
    const object = { metadata: { name }, ...content };
    const made = await this.cluster
      .api('POST', path, this.#typed(path, object))
      .catch((error: unknown) => {
        if (!String(error).includes('409')) throw error;
        return this.cluster.api('PATCH', `${path}/${name}`, content, mergePatch);
      });
    return (made as { readonly metadata: { readonly uid: string } }).metadata.uid;
  }

  /** Custom resources must say what they are. */
  #typed(path: string, object: object): object {
    const [, plural = ''] = /\/namespaces\/[^/]+\/(\w+)$/.exec(path) ?? [];
    const kinds: Readonly<Record<string, string>> = {
      servicemonitors: 'ServiceMonitor',
      podmonitors: 'PodMonitor',
      probes: 'Probe',
      scrapeconfigs: 'ScrapeConfig',
    };
    const kind = kinds[plural];
    if (kind === undefined) return object;
    return { apiVersion: `monitoring.coreos.com/${versions[plural] ?? ''}`, kind, ...object };
  }

  async #define(plural: string): Promise<void> {
    const file = join(crds, `monitoring.coreos.com_${plural}.yaml`);
    const definitions = '/apis/apiextensions.k8s.io/v1/customresourcedefinitions';
    await this.cluster.api('POST', definitions, parse(readFileSync(file, 'utf8')));
    const path = `/apis/monitoring.coreos.com/${versions[plural] ?? ''}/${plural}`;
    await eventually(`custom resource ${plural}`, async () => {
      await this.cluster.api('GET', path);
      return true;
    });
  }

  async #grantMonitors(): Promise<void> {
    const verbs = ['get', 'list', 'watch'];
    await this.#bind(rbac, 'ClusterRole', 'user-monitors', [
      { apiGroups: ['monitoring.coreos.com'], resources: ['*'], verbs },
      { apiGroups: [''], resources: ['namespaces', 'pods', 'services', 'nodes'], verbs },
      { apiGroups: ['discovery.k8s.io'], resources: ['endpointslices'], verbs },
    ]);
  }

  async #bind(
    folder: string,
    kind: 'Role' | 'ClusterRole',
    name: string,
    rules: readonly object[],
  ): Promise<void> {
    const plural = kind.toLowerCase();
    await this.cluster.api('POST', `${folder}/${plural}s`, { metadata: { name }, rules });
    await this.cluster.api('POST', `${folder}/${plural}bindings`, {
      metadata: { name },
      roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind, name },
      subjects: [
        { apiGroup: 'rbac.authorization.k8s.io', kind: 'User', name: this.cluster.userName },
      ],
    });
  }
}
