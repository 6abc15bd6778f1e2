import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { Cluster } from '../fixtures/cluster/cluster.js';
import { eventually } from '../fixtures/eventually.js';
import type { ObjectReference } from './case.js';
import { isJsonObject, type Json, type JsonObject } from './json.js';
import { customResourceDefinitionsFolder } from './paths.js';

interface Kind {
  readonly api: string;
  readonly plural: string;
  readonly isNamespaced: boolean;
}

function kind(api: string, plural: string, isNamespaced = true): Kind {
  return { api, plural, isNamespaced };
}

const kinds: ReadonlyMap<string, Kind> = new Map([
  ['Namespace', kind('/api/v1', 'namespaces', false)],
  ['Node', kind('/api/v1', 'nodes', false)],
  ['Pod', kind('/api/v1', 'pods')],
  ['Service', kind('/api/v1', 'services')],
  ['Endpoints', kind('/api/v1', 'endpoints')],
  ['Secret', kind('/api/v1', 'secrets')],
  ['ConfigMap', kind('/api/v1', 'configmaps')],
  ['EndpointSlice', kind('/apis/discovery.k8s.io/v1', 'endpointslices')],
  ['Ingress', kind('/apis/networking.k8s.io/v1', 'ingresses')],
  ['ServiceMonitor', kind('/apis/monitoring.coreos.com/v1', 'servicemonitors')],
  ['PodMonitor', kind('/apis/monitoring.coreos.com/v1', 'podmonitors')],
  ['Probe', kind('/apis/monitoring.coreos.com/v1', 'probes')],
  ['ScrapeConfig', kind('/apis/monitoring.coreos.com/v1alpha1', 'scrapeconfigs')],
]);

export const allCustomResourceDefinitions = [
  'servicemonitors',
  'podmonitors',
  'probes',
  'scrapeconfigs',
] as const;

/** Namespaces that the API server makes itself. */
const ownNamespaces: ReadonlySet<string> = new Set([
  'default',
  'kube-node-lease',
  'kube-public',
  'kube-system',
]);

const mergePatch = 'application/merge-patch+json';

/** A control plane that one case after the other uses: what a case made is removed again. */
export class CaseCluster {
  readonly #cluster: Cluster;
  readonly kubeconfigPath: string;
  readonly #created = new Map<string, ObjectReference>();
  /** By uid, the token that stands for it in recordings. */
  readonly uidTokens = new Map<string, string>();

  private constructor(cluster: Cluster, kubeconfigPath: string) {
    this.#cluster = cluster;
    this.kubeconfigPath = kubeconfigPath;
  }

  static async start(definitions: readonly string[]): Promise<CaseCluster> {
    const controlPlane = await Cluster.start({
      // Both address families, as the recordings have them; and nobody else makes objects.
      apiserverFlags: [
        ...['--service-cluster-ip-range', '10.96.0.0/16,fd00:10:96::/112'],
        ...['--endpoint-reconciler-type', 'none', '--allow-privileged=true'],
      ],
    });
    const cluster = new CaseCluster(controlPlane, await controlPlane.kubeConfig());
    for (const plural of definitions) await cluster.#define(plural);
    return cluster;
  }

  async stop(): Promise<void> {
    await this.#cluster.stop();
  }

  async #define(plural: string): Promise<void> {
    const file = join(customResourceDefinitionsFolder, `monitoring.coreos.com_${plural}.yaml`);
    const path = '/apis/apiextensions.k8s.io/v1/customresourcedefinitions';
    await this.#cluster.api('POST', path, parse(readFileSync(file, 'utf8')));
    const served = [...kinds.values()].find((known) => known.plural === plural);
    await eventually(`custom resource ${plural}`, async () => {
      await this.#cluster.api('GET', `${served?.api ?? ''}/${plural}`);
      return true;
    });
  }

  /** Creates the object, or merges it into the one there is; its status is then set apart, as a kubelet would. */
  async apply(manifest: JsonObject): Promise<void> {
    const { status, ...object } = manifest;
    const reference = referenceTo(manifest);
    if (reference.namespace !== undefined) await this.#ensureNamespace(reference.namespace);
    const path = pathOf(reference);
    let answer = this.#created.has(path)
      ? await this.#cluster.api('PATCH', path, object, mergePatch)
      : await this.#cluster.api('POST', path.slice(0, path.lastIndexOf('/')), object);
    this.#created.set(path, reference);
    if (status !== undefined) {
      answer = await this.#cluster.api('PATCH', `${path}/status`, { status }, mergePatch);
    }
    const { uid } = (answer as { metadata: { uid: string } }).metadata;
    const { kind: kindName, namespace = 'None', name } = reference;
    this.uidTokens.set(uid, `<uid of ${kindName} ${namespace}/${name}>`);
  }

  async delete(reference: ObjectReference): Promise<void> {
    const path = pathOf(reference);
    await this.#cluster.api('DELETE', `${path}?gracePeriodSeconds=0&propagationPolicy=Background`);
    if (reference.kind === 'Namespace') await this.#finalizeNamespace(reference.name);
    this.#created.delete(path);
  }

  /** Removes what was created since the start or the last wipe. */
  async wipe(): Promise<void> {
    const all = [...this.#created.values()];
    for (const object of all.filter((o) => o.kind !== 'Namespace')) await this.delete(object);
    for (const namespace of all.filter((o) => o.kind === 'Namespace')) await this.delete(namespace);
    this.uidTokens.clear();
  }

  async #ensureNamespace(name: string): Promise<void> {
    if (ownNamespaces.has(name) || this.#created.has(`/api/v1/namespaces/${name}`)) return;
    await this.apply({ apiVersion: 'v1', kind: 'Namespace', metadata: { name } });
  }

  /** The work of the namespace controller, which does not run. */
  async #finalizeNamespace(name: string): Promise<void> {
    await this.#cluster.api('PUT', `/api/v1/namespaces/${name}/finalize`, {
      apiVersion: 'v1',
      kind: 'Namespace',
      metadata: { name },
      spec: { finalizers: [] },
    });
  }
}

function kindOf(name: string): Kind {
  const found = kinds.get(name);
  if (found === undefined) throw new Error(`unknown kind ${name}`);
  return found;
}

function pathOf({ kind: kindName, namespace, name }: ObjectReference): string {
  const { api, plural, isNamespaced } = kindOf(kindName);
  return isNamespaced
    ? `${api}/namespaces/${namespace ?? 'default'}/${plural}/${name}`
    : `${api}/${plural}/${name}`;
}

function textOf(value: Json | undefined): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

function referenceTo(manifest: JsonObject): ObjectReference {
  const metadata = manifest['metadata'];
  const name = isJsonObject(metadata) ? textOf(metadata['name']) : undefined;
  const kindName = textOf(manifest['kind']);
  if (name === undefined || kindName === undefined)
    throw new Error('an object without kind or name');
  if (!kindOf(kindName).isNamespaced) return { kind: kindName, name };
  const namespace = isJsonObject(metadata) ? textOf(metadata['namespace']) : undefined;
  return { kind: kindName, name, namespace: namespace ?? 'default' };
}
