import {
  type Clock,
  type Collector,
  type CollectorSource,
  type Informer,
  type KubernetesAccess,
  type Logger,
  type PluginContext,
  untilAborted,
} from '../../../plugin-api/index.js';
import { collectorOf, judgePod, slimPod, type CollectorPod } from './collector-pod.js';

export interface KubernetesCollectorsOptions {
  /** `undefined` selects nothing, `''` every pod of the namespace. */
  readonly labelSelector: string | undefined;
  readonly namespace: string;
  /** How long a pod that is not running or not ready stays a collector, in milliseconds; 0: always. */
  readonly notReadyGracePeriodMs: number;
}

/** The collectors are to be found in a cluster, and the allocator has none. */
export class NoKubernetesError extends Error {
  readonly code = 'TA_COLLECTORS_NO_KUBERNETES';

  constructor() {
    super(
      'TA_COLLECTORS_NO_KUBERNETES: the collector source kubernetes needs a cluster, and there is neither a kubeconfig ' +
        'file nor a service account; set kube_config_file_path, or use the source static or file',
    );
    this.name = 'NoKubernetesError';
  }
}

type Emit = (value: readonly Collector[]) => void;

/** Collectors from pods, judged anew whenever a pod changes and whenever a grace period ends. */
export class PodCollectorSource implements CollectorSource {
  readonly #options: KubernetesCollectorsOptions;
  readonly #kubernetes: KubernetesAccess | undefined;
  readonly #clock: Clock;
  readonly #logger: Logger;

  constructor(options: KubernetesCollectorsOptions, context: PluginContext) {
    this.#options = options;
    this.#kubernetes = context.kubernetes;
    this.#clock = context.clock;
    this.#logger = context.logger;
  }

  async run(emit: Emit, signal: AbortSignal): Promise<void> {
    const { labelSelector } = this.#options;
    if (labelSelector === undefined) {
      this.#logger.error(
        'no collector is selected, because collector_selector is not set; set it to the labels of the collector pods',
        { namespace: this.#options.namespace },
      );
      emit([]);
      await untilAborted(signal);
      return;
    }
    if (this.#kubernetes === undefined) throw new NoKubernetesError();
    const informer = this.#openInformer(this.#kubernetes, labelSelector);
    try {
      await informer.synced(signal);
      await this.#follow(informer, emit, signal);
    } catch (error) {
      if (!signal.aborted) throw error;
    } finally {
      informer.close();
    }
  }

  #openInformer(kubernetes: KubernetesAccess, labelSelector: string): Informer<CollectorPod> {
    return kubernetes.informer<CollectorPod>({
      group: '',
      version: 'v1',
      plural: 'pods',
      namespace: this.#options.namespace,
      labelSelector,
      slim: slimPod,
      shape: 'collector-pod',
    });
  }

  async #follow(informer: Informer<CollectorPod>, emit: Emit, signal: AbortSignal): Promise<void> {
    let cancelTimer = (): void => undefined;
    const judgeAll = (): void => {
      cancelTimer();
      const { collectors, endsAtMs } = this.#judge(informer.list());
      emit(collectors);
      if (endsAtMs === undefined || signal.aborted) return;
      // A pod is gone *after* its grace period, so the next millisecond is the first one.
      cancelTimer = this.#clock.after(endsAtMs + 1 - this.#clock.epochMs(), judgeAll);
    };
    const unsubscribe = informer.onChange(judgeAll);
    judgeAll();
    await untilAborted(signal);
    unsubscribe();
    cancelTimer();
  }

  #judge(pods: Iterable<CollectorPod>): {
    readonly collectors: readonly Collector[];
    readonly endsAtMs: number | undefined;
  } {
    const nowMs = this.#clock.epochMs();
    const collectors: Collector[] = [];
    let soonestMs: number | undefined;
    for (const pod of pods) {
      const { isCollector, endsAtMs } = judgePod(pod, nowMs, this.#options.notReadyGracePeriodMs);
      if (isCollector) collectors.push(collectorOf(pod));
      if (endsAtMs !== undefined) soonestMs = Math.min(soonestMs ?? Infinity, endsAtMs);
    }
    return { collectors, endsAtMs: soonestMs };
  }
}
