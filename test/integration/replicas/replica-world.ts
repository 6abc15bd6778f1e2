import { Allocator } from '../../fixtures/allocator.js';
import { Cluster } from '../../fixtures/cluster/cluster.js';
import { eventually } from '../../fixtures/eventually.js';
import { FaultProxy } from '../../fixtures/fault-proxy.js';
import { type LocalServer, serveHttp } from '../../fixtures/sd-server.js';

/** Which collector has which target: `job target` to the collector's name. */
export type Assignment = ReadonlyMap<string, string>;

export const namespace = 'observability';
const job = 'web';

export interface ReplicaOptions {
  /** Asks the API server through a proxy that can be cut. */
  readonly isProxied?: boolean;
  readonly token?: string;
  readonly flags?: readonly string[];
}

/** One replica of an allocator, in a process of its own. */
export class WorldReplica {
  constructor(
    readonly allocator: Allocator,
    readonly proxy: FaultProxy | undefined,
  ) {}

  async assignment(collectors: readonly string[]): Promise<Assignment> {
    const assigned = new Map<string, string>();
    for (const collector of collectors) {
      for (const key of await this.targets(collector)) {
        if (assigned.has(key)) throw new Error(`${key} has two collectors`);
        assigned.set(key, collector);
      }
    }
    return assigned;
  }

  async targets(collector: string): Promise<readonly string[]> {
    const path = `/jobs/${job}/targets?collector_id=${collector}`;
    const groups = (await this.allocator.getJson(path)) as readonly { targets: string[] }[];
    return groups.flatMap(({ targets }) => targets);
  }

  /** Of its assignment; `NaN` until it has computed one. */
  digest(): Promise<number> {
    return this.allocator.metric('opentelemetry_allocator_assignment_digest');
  }

  /** Not when it has died meanwhile. */
  async isLeading(): Promise<boolean> {
    if (!this.allocator.program.isRunning) return false;
    const leading = this.allocator.metric('opentelemetry_allocator_leading');
    return (await leading.catch(() => 0)) === 1;
  }
}

/** The one that leads, once there is exactly one among those that run. */
export function leaderAmong(
  replicas: readonly WorldReplica[],
  timeoutMs: number,
): Promise<WorldReplica> {
  return eventually(
    'one replica leads',
    async () => {
      const leads = await Promise.all(replicas.map((replica) => replica.isLeading()));
      const leading = replicas.filter((_, n) => leads[n]);
      return leading.length === 1 ? leading[0] : undefined;
    },
    { timeoutMs },
  );
}

/** A cluster with collectors, targets that a test changes, and replicas that share both. */
export class ReplicaWorld {
  readonly replicas: WorldReplica[] = [];
  targets: readonly string[];
  #collectors: readonly string[] = [];

  private constructor(
    readonly cluster: Cluster,
    private readonly server: LocalServer,
    private readonly setTargets: (targets: readonly string[]) => void,
    targets: readonly string[],
  ) {
    this.targets = targets;
  }

  static async start(targets: number, collectors: number): Promise<ReplicaWorld> {
    let served: readonly string[] = targetNames(0, targets);
    const server = await serveHttp((_, response) => {
      response.setHeader('content-type', 'application/json');
      response.end(JSON.stringify([{ targets: served, labels: {} }]));
    });
    const cluster = await Cluster.start();
    await cluster.createNamespace(namespace);
    const setTargets = (next: readonly string[]): void => {
      served = next;
    };
    const world = new ReplicaWorld(cluster, server, setTargets, served);
    for (let n = 0; n < collectors; n++) await world.addCollector(`c-${String(n)}`);
    return world;
  }

  get collectors(): readonly string[] {
    return this.#collectors;
  }

  async addCollector(name: string): Promise<void> {
    await this.cluster.pods.create(namespace, name, { labels: { app: 'otel' } });
    this.#collectors = [...this.#collectors, name];
  }

  /** What discovery says from now on. */
  change(targets: readonly string[]): void {
    this.targets = targets;
    this.setTargets(targets);
  }

  async addReplica(options: ReplicaOptions = {}): Promise<WorldReplica> {
    const { isProxied = false, token, flags = [] } = options;
    const proxy = isProxied ? await FaultProxy.start(this.cluster.port) : undefined;
    const kubeconfigPath = await this.cluster.kubeConfig({
      ...(proxy === undefined ? {} : { port: proxy.port }),
      ...(token === undefined ? {} : { token }),
    });
    const config = {
      allocation_strategy: 'least-weighted',
      collector_namespace: namespace,
      collector_selector: { matchLabels: { app: 'otel' } },
      config: {
        scrape_configs: [
          { job_name: job, http_sd_configs: [{ url: this.server.origin, refresh_interval: '1s' }] },
        ],
      },
    };
    const allocator = await Allocator.start({
      ...{ config, kubeconfigPath },
      flags: ['--leader-elect', '--startup-timeout=20s', ...flags],
    });
    const replica = new WorldReplica(allocator, proxy);
    this.replicas.push(replica);
    return replica;
  }

  leader(timeoutMs: number, among: readonly WorldReplica[] = this.replicas): Promise<WorldReplica> {
    return leaderAmong(among, timeoutMs);
  }

  /** Their digest, once all have the same one. */
  agreedDigest(): Promise<number> {
    return eventually('the replicas have the same digest', async () => {
      const [first, ...others] = await Promise.all(this.replicas.map((one) => one.digest()));
      return others.every((other) => other === first) ? first : undefined;
    });
  }

  /** What all these replicas answer, once it is the same and whole. */
  agreed(timeoutMs = 10_000, among: readonly WorldReplica[] = this.replicas): Promise<Assignment> {
    return eventually(
      'the replicas agree',
      async () => {
        const all = await Promise.all(among.map((one) => one.assignment(this.#collectors)));
        const [first] = all;
        if (first?.size !== this.targets.length) throw new Error(`${String(first?.size)} targets`);
        for (const other of all) {
          const apart = moved(first, other) + Math.abs(first.size - other.size);
          if (apart > 0) throw new Error(`${String(apart)} targets differ`);
        }
        return first;
      },
      { timeoutMs },
    );
  }

  async remove(replica: WorldReplica): Promise<void> {
    this.replicas.splice(this.replicas.indexOf(replica), 1);
    await replica.allocator.stop();
    await replica.proxy?.close();
  }

  async stop(): Promise<void> {
    for (const replica of [...this.replicas]) await this.remove(replica);
    await this.server.close();
    await this.cluster.stop();
  }
}

export function targetNames(from: number, count: number): readonly string[] {
  return Array.from({ length: count }, (_, n) => `10.0.0.1:${String(10_000 + from + n)}`);
}

/** How many targets that are in both have another collector. */
export function moved(before: Assignment, after: Assignment): number {
  return [...before].filter(([target, collector]) => {
    const now = after.get(target);
    return now !== undefined && now !== collector;
  }).length;
}
