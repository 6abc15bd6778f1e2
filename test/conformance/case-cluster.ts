import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { eventually } from '../fixtures/eventually.js';
import type { ObjectReference } from './case.js';
import { ControlPlane, type ControlPlanePrograms } from './control-plane.js';
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

/** A control plane that one case after the other uses: what a case made is removed again. */
export class CaseCluster {
  readonly #controlPlane: ControlPlane;
  readonly #created = new Map<string, ObjectReference>();
  /** By uid, the token that stands for it in recordings. */
  readonly uidTokens = new Map<string, string>();

  private constructor(controlPlane: ControlPlane) {
    this.#controlPlane = controlPlane;
  }

  static async start(
    programs: ControlPlanePrograms,
    definitions: readonly string[],
  ): Promise<CaseCluster> {
    const cluster = new CaseCluster(await ControlPlane.start(programs));
    for (const plural of definitions) await cluster.#define(plural);
    return cluster;
  }

  get kubeconfigPath(): string {
    return this.#controlPlane.kubeconfigPath;
  }

  async stop(): Promise<void> {
    await this.#controlPlane.stop();
  }

  async #define(plural: string): Promise<void> {
    const file = join(customResourceDefinitionsFolder, `monitoring.coreos.com_${plural}.yaml`);
    const path = '/apis/apiextensions.k8s.io/v1/customresourcedefinitions';
    await this.#send('POST', path, readFileSync(file, 'utf8'), 'application/yaml');
    const served = [...kinds.values()].find((known) => known.plural === plural);
    await eventually(`custom resource ${plural}`, async () => {
      const { status } = await this.#controlPlane.request('GET', `${served?.api ?? ''}/${plural}`);
      return status === 200 ? true : undefined;
    });
  }

  /** Creates the object, or merges it into the one there is; its status is then set apart, as a kubelet would. */
  async apply(manifest: JsonObject): Promise<void> {
    const { status, ...object } = manifest;
    const name = objectName(manifest);
    if (name.namespace !== undefined) await this.#ensureNamespace(name.namespace);
    const path = pathOf(name);
    const exists = (await this.#controlPlane.request('GET', path)).status === 200;
    let answer = exists
      ? await this.#send('PATCH', path, object, 'application/merge-patch+json')
      : await this.#send('POST', path.slice(0, path.lastIndexOf('/')), object);
    if (status !== undefined) {
      answer = await this.#send(
        'PATCH',
        `${path}/status`,
        { status },
        'application/merge-patch+json',
      );
    }
    const { uid } = (answer as { metadata: { uid: string } }).metadata;
    this.uidTokens.set(uid, `<uid of ${name.kind} ${name.namespace ?? 'None'}/${name.name}>`);
    this.#created.set(path, name);
  }

  async delete(name: ObjectReference): Promise<void> {
    const path = pathOf(name);
    const options = { gracePeriodSeconds: 0, propagationPolicy: 'Background' };
    const { status, text } = await this.#controlPlane.request('DELETE', path, options);
    if (status >= 300 && status !== 404)
      throw new Error(`DELETE ${path}: ${String(status)} ${text}`);
    if (name.kind === 'Namespace') await this.#finalizeNamespace(name.name);
    this.#created.delete(path);
  }

  /** Removes what was created since the start or the last wipe. */
  async wipe(): Promise<void> {
    const names = [...this.#created.values()];
    for (const name of names.filter((n) => n.kind !== 'Namespace')) await this.delete(name);
    for (const name of names.filter((n) => n.kind === 'Namespace')) await this.delete(name);
    this.uidTokens.clear();
  }

  async #ensureNamespace(name: string): Promise<void> {
    const { status } = await this.#controlPlane.request('GET', `/api/v1/namespaces/${name}`);
    if (status === 404) {
      await this.apply({ apiVersion: 'v1', kind: 'Namespace', metadata: { name } });
    }
  }

  /** The work of the namespace controller, which does not run. */
  async #finalizeNamespace(name: string): Promise<void> {
    await this.#controlPlane.request('PUT', `/api/v1/namespaces/${name}/finalize`, {
      apiVersion: 'v1',
      kind: 'Namespace',
      metadata: { name },
      spec: { finalizers: [] },
    });
  }

  async #send(method: string, path: string, body: unknown, contentType?: string): Promise<unknown> {
    const { status, text } = await this.#controlPlane.request(method, path, body, contentType);
    if (status >= 300)
      throw new Error(`${method} ${path}: ${String(status)} ${text.slice(0, 500)}`);
    return JSON.parse(text);
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

function objectName(manifest: JsonObject): ObjectReference {
  const metadata = manifest['metadata'];
  const name = isJsonObject(metadata) ? textOf(metadata['name']) : undefined;
  const kindName = textOf(manifest['kind']);
  if (name === undefined || kindName === undefined)
    throw new Error('an object without kind or name');
  if (!kindOf(kindName).isNamespaced) return { kind: kindName, name };
  const namespace = isJsonObject(metadata) ? textOf(metadata['namespace']) : undefined;
  return { kind: kindName, name, namespace: namespace ?? 'default' };
}
