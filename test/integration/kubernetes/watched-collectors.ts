import { SystemClock } from '../../../src/modules/telemetry/clock.js';
import { ClusterAccess } from '../../../src/modules/kubernetes/cluster-access.js';
import { openKubeConfig } from '../../../src/modules/kubernetes/kube-config.js';
import type { InformerStatus } from '../../../src/modules/kubernetes/informer-health.js';
import type { PingTimes } from '../../../src/modules/kubernetes/http2-connection.js';
import type { Collector, Logger, PluginContext } from '../../../src/plugin-api/index.js';
import { kubernetesCollectors } from '../../../src/plugins/collectors/index.js';

export interface WatchedCollectorsOptions {
  readonly kubeConfig: string;
  readonly namespace: string;
  /** @default app=otel */
  readonly labelSelector?: string;
  /** @default 30000 */
  readonly notReadyGracePeriodMs?: number;
  readonly ping?: PingTimes;
  readonly connectTimeoutMs?: number;
}

/** A log that a test can read. */
class LogLines {
  readonly lines: string[] = [];

  readonly logger: Logger = {
    debug: () => undefined,
    info: (message, fields) => {
      this.#add('info', message, fields);
    },
    warn: (message, fields) => {
      this.#add('warn', message, fields);
    },
    error: (message, fields) => {
      this.#add('error', message, fields);
    },
    child: () => this.logger,
  };

  #add(level: string, message: string, fields: unknown): void {
    this.lines.push(`${level} ${message} ${JSON.stringify(fields)}`);
  }
}

/** The collector source `kubernetes` at work on a real cluster, and everything that it said. */
export class WatchedCollectors {
  /** Each list that was emitted, as sorted names. */
  readonly history: (readonly string[])[] = [];
  readonly log: readonly string[];
  #current: readonly Collector[] = [];
  readonly #access: ClusterAccess;
  readonly #stop = new AbortController();
  readonly #ended: Promise<void>;

  constructor(options: WatchedCollectorsOptions) {
    const { kubeConfig, namespace, labelSelector = 'app=otel', ping, connectTimeoutMs } = options;
    const { notReadyGracePeriodMs = 30_000 } = options;
    const clock = new SystemClock();
    const { lines, logger } = new LogLines();
    this.log = lines;
    this.#access = new ClusterAccess({
      name: 'test',
      open: () => openKubeConfig({ kind: 'file', path: kubeConfig }),
      clock,
      logger,
      ...(ping === undefined ? {} : { ping }),
      ...(connectTimeoutMs === undefined ? {} : { connectTimeoutMs }),
    });
    const context = { clock, logger, kubernetes: this.#access } as unknown as PluginContext;
    const source = kubernetesCollectors.create(
      { namespace, labelSelector, notReadyGracePeriodMs },
      context,
    );
    this.#ended = source.run((collectors) => {
      this.#current = collectors;
      this.history.push(collectors.map(({ name }) => name).toSorted());
    }, this.#stop.signal);
  }

  /** The last emitted names; `undefined` before the first list. */
  get names(): readonly string[] | undefined {
    return this.history.at(-1);
  }

  get collectors(): readonly Collector[] {
    return this.#current;
  }

  get status(): InformerStatus {
    const [status] = this.#access.statuses();
    if (status === undefined) throw new Error('no informer is in use');
    return status;
  }

  async stop(): Promise<void> {
    this.#stop.abort();
    await this.#ended;
    this.#access.close();
  }
}
