import type {
  AllocationView,
  JobSummary,
  TargetQuery,
  TargetView,
} from '../../../core/allocation/allocation-view.js';
import type { Collector } from '../../../core/allocation/collector.js';
import { type LabelSet, labelSetOf } from '../../../core/labels/label-set.js';
import type { ScrapeConfig } from '../../../core/scrape-config/model.js';
import { ServedState } from '../../allocation/index.js';
import type { ServedScrapeConfigs } from '../../watchers/index.js';

export interface FakeTarget {
  readonly job: string;
  readonly address: string;
  readonly collector?: string;
  readonly reason?: string;
  readonly labels?: LabelSet;
  readonly hash?: string;
}

const noTargets = Buffer.from('[]');

/** Grows over all tests of a file, as it does over the life of an allocator. */
let generations = 1;

/** One generation: the collectors and targets that a test says. */
export class FakeView implements AllocationView {
  readonly collectors: readonly Collector[];
  readonly #targets: readonly TargetView[];
  readonly #bodies = new Map<string, Uint8Array>();

  constructor(
    collectors: readonly string[],
    targets: readonly FakeTarget[],
    readonly generation = generations++,
  ) {
    this.collectors = collectors.map((name) => ({ name }));
    this.#targets = targets.map((target, i) => ({
      job: target.job,
      address: target.address,
      labels: target.labels ?? labelSetOf([['__address__', target.address]]),
      collector: target.collector,
      reason: target.reason,
      hash: target.hash ?? String(i + 1),
    }));
  }

  jobs(): readonly JobSummary[] {
    const names = [...new Set(this.#targets.map(({ job }) => job))].toSorted();
    return names.map((job) => {
      const all = this.#targets.filter((target) => target.job === job);
      const unassigned = all.filter(({ collector }) => collector === undefined).length;
      const targets = all.length;
      return { job, discovered: targets + 1, remaining: targets, targets, unassigned };
    });
  }

  job(name: string): JobSummary | undefined {
    return this.jobs().find(({ job }) => job === name);
  }

  targetsPerCollector(collector: string): number {
    return this.#targets.filter((target) => target.collector === collector).length;
  }

  targetsOfJob(collector: string, job: string): number {
    return this.#of(job, collector).length;
  }

  targetsBody(job: string, collector: string): Uint8Array {
    const key = JSON.stringify([job, collector]);
    const kept = this.#bodies.get(key);
    if (kept !== undefined) return kept;
    const groups = this.#of(job, collector).map(({ address, labels }) => ({
      targets: [address],
      labels,
    }));
    const bytes = groups.length === 0 ? noTargets : Buffer.from(JSON.stringify(groups));
    this.#bodies.set(key, bytes);
    return bytes;
  }

  targetsVersion(): number {
    return this.generation;
  }

  *targets({ job, collector, hash }: TargetQuery): Iterable<TargetView> {
    for (const target of this.#targets) {
      if (job !== undefined && target.job !== job) continue;
      if (collector !== undefined && target.collector !== (collector ?? undefined)) continue;
      if (hash !== undefined && target.hash !== hash) continue;
      yield target;
    }
  }

  #of(job: string, collector: string): readonly TargetView[] {
    return this.#targets.filter((t) => t.job === job && t.collector === collector);
  }
}

/** A state that tests set. Knows everything, and has nothing, until told otherwise. */
export class FakeServedState extends ServedState {
  view: AllocationView = new FakeView([], []);
  scrapeConfigs: ServedScrapeConfigs | undefined = servedConfigs([]);
  unknown: string | undefined;
  /** The jobs that are awaited while others are known already; `undefined`: none is known while {@link unknown}. */
  awaited: ReadonlySet<string> | undefined;
  /** Why a job is not known, by job. */
  readonly reasons = new Map<string, string>();
  /** Thrown by whoever asks whether something is known. */
  failure: Error | undefined;

  reset(): void {
    this.view = new FakeView([], [], generations++);
    this.scrapeConfigs = servedConfigs([]);
    this.unknown = undefined;
    this.awaited = undefined;
    this.reasons.clear();
    this.failure = undefined;
  }

  whyUnknown(job?: string): string | undefined {
    if (this.failure !== undefined) throw this.failure;
    if (job !== undefined && this.awaited?.has(job) === false) return undefined;
    return this.unknown ?? (job === undefined ? undefined : this.reasons.get(job));
  }

  unknownJobs(): ReadonlySet<string> | undefined {
    return this.unknown === undefined ? new Set(this.reasons.keys()) : this.awaited;
  }
}

export function servedConfigs(
  configs: readonly ScrapeConfig[],
  heldBack: readonly (readonly [string, string])[] = [],
  version = 1,
): ServedScrapeConfigs {
  return {
    version,
    configs: new Map(configs.map((config) => [config.job_name, config])),
    heldBack: new Map(heldBack),
  };
}

/** A job with what every job has. */
export function scrapeConfig(name: string, fields: Partial<ScrapeConfig> = {}): ScrapeConfig {
  return {
    job_name: name,
    honor_timestamps: true,
    track_timestamps_staleness: false,
    scrape_interval: '1m',
    scrape_timeout: '10s',
    scrape_protocols: ['PrometheusText0.0.4'],
    scrape_native_histograms: false,
    always_scrape_classic_histograms: false,
    convert_classic_histograms_to_nhcb: false,
    extra_scrape_metrics: false,
    metric_name_validation_scheme: 'utf8',
    metric_name_escaping_scheme: 'allow-utf-8',
    enable_compression: true,
    metrics_path: '/metrics',
    scheme: 'http',
    follow_redirects: true,
    enable_http2: true,
    ...fields,
  };
}
