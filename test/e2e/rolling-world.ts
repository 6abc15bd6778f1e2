import { Allocator } from '../fixtures/allocator.js';
import type { Cluster } from '../fixtures/cluster/cluster.js';
import { startOtelCollector } from '../fixtures/otel-collector.js';
import type { Program } from '../fixtures/program.js';
import { ScrapeWitness } from '../fixtures/scrape-witness.js';
import { oneScraperEach } from './one-scraper-each.js';
import { ServiceProxy } from './service-proxy.js';

export const scrapeIntervalMs = 2_000;
/** How often collectors ask for their jobs and targets. */
export const refreshIntervalMs = 2_000;
const collectorNames = ['collector-0', 'collector-1', 'collector-2'];
const replicaCount = 2;
const jobCount = 3;
const aboutDecisions =
  /starting the|ready|leads|leading|decide|decisions|Lease|shutting down|exited|collectors/;

export interface RollingWorldOptions {
  readonly cluster: Cluster;
  /** Of this world alone. */
  readonly namespace: string;
  readonly strategy: string;
  readonly flags: readonly string[];
  readonly targets: number;
  /** The collector's program. */
  readonly otelcol: string;
  /** Every other replica, the first two among them, is of this build: an older version. */
  readonly oldDist: string | undefined;
}

/** Two replicas behind a Service, and three real collectors that scrape what these tell them to. */
export class RollingWorld {
  /** Those that are to stay, oldest first. */
  readonly replicas: Allocator[] = [];
  /** Exit codes of those that were asked to end. */
  readonly ended: Promise<number | string>[] = [];
  readonly #collectors: Program[] = [];
  /** Processes of all replicas that there ever were. */
  readonly #processes: Program[] = [];
  /** One for each job, read by all replicas. */
  #targetFiles: readonly string[] = [];

  private constructor(
    private readonly options: RollingWorldOptions,
    readonly service: ServiceProxy,
    readonly witness: ScrapeWitness,
  ) {}

  static async start(options: RollingWorldOptions): Promise<RollingWorld> {
    const { cluster, namespace, otelcol, targets } = options;
    await cluster.createNamespace(namespace);
    const witness = await ScrapeWitness.start(targets);
    const world = new RollingWorld(options, await ServiceProxy.start(), witness);
    for (const name of collectorNames) {
      await cluster.pods.create(namespace, name, { labels: { app: 'collector' } });
    }
    await world.#placeInTwoSteps();
    for (const name of collectorNames) {
      const allocatorUrl = world.service.url;
      const interval = `${String(refreshIntervalMs)}ms`;
      world.#collectors.push(
        await startOtelCollector({ program: otelcol, name, allocatorUrl, interval }),
      );
    }
    return world;
  }

  /** Waits until each target is scraped by one collector. */
  async settled(): Promise<void> {
    const { targets } = this.options;
    try {
      await oneScraperEach(this.witness, { targets, names: collectorNames, scrapeIntervalMs });
    } catch (error) {
      console.log(this.decisionLog);
      throw error;
    }
  }

  /**
   * Replaces the oldest replica as a Deployment with maxUnavailable 0 and maxSurge 1 does: when the new one is ready the
   * old one is asked to end, and nobody waits until it has.
   */
  async replaceOldest(): Promise<void> {
    const fresh = await this.#addReplica();
    await fresh.waitUntilReady();
    const oldest = this.replicas.shift();
    if (oldest === undefined) return;
    oldest.program.signal('SIGTERM');
    this.ended.push(this.#remove(oldest));
  }

  /** Starts a replica again that was killed, as a kubelet would. */
  restart(replica: Allocator): void {
    replica.restart();
    this.#processes.push(replica.program);
  }

  /** What the replicas have logged of who decides, one after the other. */
  get decisionLog(): string {
    return this.#processes
      .map(({ output }, n) => {
        const lines = output.split('\n').filter((line) => aboutDecisions.test(line));
        return [`replica process ${String(n)}:`, ...lines].join('\n  ');
      })
      .join('\n');
  }

  async stop(): Promise<void> {
    for (const collector of this.#collectors) await collector.kill();
    await Promise.all(this.ended);
    await Promise.all(this.replicas.map((replica) => replica.stop()));
    await this.service.stop();
    await this.witness.stop();
  }

  /** Half of the targets come later: a strategy that counts places them otherwise than all at once. */
  async #placeInTwoSteps(): Promise<void> {
    const { addresses } = this.witness;
    await this.#writeTargets(addresses.slice(0, addresses.length / 2));
    for (let n = 0; n < replicaCount; n++) await this.#addReplica();
    await Promise.all(this.replicas.map((replica) => replica.waitUntilReady()));
    await this.#writeTargets(addresses);
  }

  async #writeTargets(addresses: readonly string[]): Promise<void> {
    const { cluster, namespace } = this.options;
    const files = Array.from({ length: jobCount }, (_, j) => {
      const targets = addresses.filter((_address, i) => i % jobCount === j);
      return cluster.writeFile(`${namespace}-${String(j)}.json`, JSON.stringify([{ targets }]));
    });
    this.#targetFiles = await Promise.all(files);
  }

  async #addReplica(): Promise<Allocator> {
    const { cluster, namespace, strategy, flags, oldDist } = this.options;
    const started = this.#processes.length;
    const jobs = this.#targetFiles.map((file, j) => ({
      job_name: `job-${String(j)}`,
      scrape_interval: `${String(scrapeIntervalMs)}ms`,
      scrape_timeout: '1s',
      file_sd_configs: [{ files: [file] }],
    }));
    const replica = await Allocator.start({
      kubeconfigPath: await cluster.kubeConfig(),
      flags,
      dist: started < replicaCount || started % 2 === 1 ? oldDist : undefined,
      config: {
        allocation_strategy: strategy,
        collector_namespace: namespace,
        collector_selector: { matchLabels: { app: 'collector' } },
        config: { scrape_configs: jobs },
      },
    });
    this.replicas.push(replica);
    this.#processes.push(replica.program);
    this.service.add(replica);
    return replica;
  }

  async #remove(replica: Allocator): Promise<number | string> {
    const code = await replica.program.exited;
    this.service.remove(replica);
    await replica.stop();
    return code;
  }
}
