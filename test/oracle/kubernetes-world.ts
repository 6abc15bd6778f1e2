import type { Cluster } from '../fixtures/cluster/cluster.js';
import { Draw, type Random } from './kubernetes-draw.js';
import { kinds, type Kind } from './kubernetes-kinds.js';

const namespaces = ['alpha', 'beta'] as const;

/** Each kind as often as it weighs. */
const choices = kinds.flatMap((kind) => Array.from({ length: kind.weight }, () => kind));

const mergePatch = 'application/merge-patch+json';

/** The objects of a cluster, changed at random. */
export class KubernetesWorld {
  readonly #present = new Set<string>();

  constructor(private readonly cluster: Cluster) {}

  async begin(): Promise<void> {
    for (const name of namespaces) await this.cluster.createNamespace(name);
  }

  /** One change. @returns What was done. */
  async change(random: Random): Promise<string> {
    const draw = new Draw(random, namespaces[random() < 0.5 ? 0 : 1]);
    if (draw.chance(0.05)) return this.#relabelNamespace(draw);
    const kind = draw.of(...choices);
    const folder = kind.path.replace('NS', draw.namespace);
    const name = `${kind.prefix}-${String(draw.below(kind.names))}`;
    const path = `${folder}/${name}`;
    if (!this.#present.has(path)) return this.#create(kind, draw, { folder, name, path });
    if (draw.chance(0.2)) return this.#delete(path);
    return this.#patch(kind, draw, { name, path });
  }

  async #create(
    kind: Kind,
    draw: Draw,
    {
      folder,
      name,
      path,
    }: { readonly folder: string; readonly name: string; readonly path: string },
  ): Promise<string> {
    await this.cluster.api('POST', folder, kind.make(draw, name).create);
    this.#present.add(path);
    await this.#setStatus(kind, draw, path);
    return `create ${path}`;
  }

  async #patch(
    kind: Kind,
    draw: Draw,
    { name, path }: { readonly name: string; readonly path: string },
  ): Promise<string> {
    if (kind.status !== undefined && draw.chance(0.5)) {
      await this.#setStatus(kind, draw, path);
      return `status ${path}`;
    }
    await this.cluster.api('PATCH', path, kind.make(draw, name).patch, mergePatch);
    return `patch ${path}`;
  }

  async #delete(path: string): Promise<string> {
    const policy = 'gracePeriodSeconds=0&propagationPolicy=Background';
    await this.cluster.api('DELETE', `${path}?${policy}`);
    this.#present.delete(path);
    // The API server deletes the Endpoints of a service with it.
    this.#present.delete(path.replace('/services/', '/endpoints/'));
    return `delete ${path}`;
  }

  async #setStatus(kind: Kind, draw: Draw, path: string): Promise<void> {
    if (kind.status === undefined) return;
    await this.cluster.api('PATCH', `${path}/status`, { status: kind.status(draw) }, mergePatch);
  }

  async #relabelNamespace(draw: Draw): Promise<string> {
    const path = `/api/v1/namespaces/${draw.namespace}`;
    const body = { metadata: draw.metadata(draw.namespace) };
    await this.cluster.api('PATCH', path, body, mergePatch);
    return `patch ${path}`;
  }
}
