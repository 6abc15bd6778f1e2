import type { Collector, Logger, Target } from 'target-allocator/plugin-api';
import { isWeight, type WeightedOptions } from './options.js';

/** So many bad annotations are told of; whoever has more has seen the point. */
const MOST_COMPLAINTS = 100;

/** Reads weights. Those that cannot be read are told of once and count as the default. */
export class Weights {
  /** The label by which Kubernetes discovery shows the annotation of a target's pod. */
  readonly label: string;
  readonly #complaints = new Set<string>();

  constructor(
    private readonly options: WeightedOptions,
    private readonly logger: Logger,
  ) {
    // As Kubernetes discovery names labels: what a label name may not have in it becomes an underscore.
    const name = options.annotation.replace(/[^a-zA-Z0-9_]/g, '_');
    this.label = `__meta_kubernetes_pod_annotation_${name}`;
  }

  /** How heavy a target is: by its pod, else by its job, else the default. */
  ofTarget({ job, labels }: Target): number {
    const fallback = this.ofJob(job);
    return this.#read(labels[this.label], fallback, { job });
  }

  /** How heavy the targets of a job are whose pods say nothing. */
  ofJob(job: string): number {
    return this.options.job_weights.get(job) ?? this.options.default_weight;
  }

  /** How much of everything a collector takes, compared with the others. */
  ofCollector({ name, annotations }: Collector): number {
    const { annotation, default_weight: fallback } = this.options;
    return this.#read(annotations?.[annotation], fallback, { collector: name });
  }

  #read(text: string | undefined, fallback: number, of: Readonly<Record<string, string>>): number {
    if (text === undefined || text === '') return fallback;
    const weight = /^\d{1,3}$/.test(text) ? Number(text) : Number.NaN;
    if (isWeight(weight)) return weight;
    this.#complain({ ...of, value: text.slice(0, 100), instead: fallback });
    return fallback;
  }

  #complain(fields: Readonly<Record<string, unknown>>): void {
    const complaint = JSON.stringify(fields);
    if (this.#complaints.has(complaint) || this.#complaints.size >= MOST_COMPLAINTS) return;
    this.#complaints.add(complaint);
    const { annotation } = this.options;
    this.logger.warn('a weight is no whole number from 1 to 100', { annotation, ...fields });
  }
}
