import type { Clock, Informer, InformerRequest, Logger } from '../../plugin-api/index.js';
import { ClusterAccess } from './cluster-access.js';
import type { ServerTarget } from './server-target.js';

/** The API servers in use: one connection for each way to one of them, ended with its last informer. */
export class ClusterDirectory {
  readonly #clusters = new Map<string, ClusterAccess>();

  constructor(private readonly tools: { readonly clock: Clock; readonly logger: Logger }) {}

  informer<T>(target: ServerTarget, request: InformerRequest<T>): Informer<T> {
    const known = this.#clusters.get(target.identity) ?? this.#open(target);
    return known.informer(request);
  }

  list(): readonly ClusterAccess[] {
    return [...this.#clusters.values()];
  }

  close(): void {
    for (const cluster of this.#clusters.values()) cluster.close();
    this.#clusters.clear();
  }

  #open({ identity, name, open }: ServerTarget): ClusterAccess {
    const cluster = new ClusterAccess({
      ...this.tools,
      name: this.#freeName(name),
      open,
      onUnused: () => {
        cluster.close();
        if (this.#clusters.get(identity) === cluster) this.#clusters.delete(identity);
      },
    });
    this.#clusters.set(identity, cluster);
    return cluster;
  }

  /** Two ways to one server must not share metric series. */
  #freeName(name: string): string {
    const used = new Set(this.list().map((cluster) => cluster.name));
    let free = name;
    for (let n = 2; used.has(free); n++) free = `${name} (${String(n)})`;
    return free;
  }
}
