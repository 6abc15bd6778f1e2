import type { Informer, InformerRequest } from '../../plugin-api/index.js';
import type { ApiRequest, ApiResponse } from './api-connection.js';
import { ClusterAccess, type ClusterAccessOptions } from './cluster-access.js';
import type { ServerTarget } from './server-target.js';

/** The API servers in use: one connection for each way to one of them, ended with its last informer. */
export class ClusterDirectory {
  readonly #clusters = new Map<string, ClusterAccess>();

  constructor(
    private readonly tools: Pick<ClusterAccessOptions, 'clock' | 'logger' | 'checkIntervalMs'>,
  ) {}

  informer<T>(target: ServerTarget, request: InformerRequest<T>): Informer<T> {
    return this.#cluster(target).informer(request);
  }

  /** One request over the connection that the server's informers use. Where there are none, it stays open for later. */
  request(target: ServerTarget, request: ApiRequest): Promise<ApiResponse> {
    return this.#cluster(target).request(request);
  }

  list(): readonly ClusterAccess[] {
    return [...this.#clusters.values()];
  }

  close(): void {
    for (const cluster of this.#clusters.values()) cluster.close();
    this.#clusters.clear();
  }

  #cluster(target: ServerTarget): ClusterAccess {
    return this.#clusters.get(target.identity) ?? this.#open(target);
  }

  #open({ identity, name, open, isForeign = false }: ServerTarget): ClusterAccess {
    const cluster = new ClusterAccess({
      ...this.tools,
      name: this.#freeName(name),
      open,
      isRequired: !isForeign,
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
