import type { LabelSet } from '../labels/label-set.js';

/** A collector that targets can be assigned to. */
export interface Collector {
  /** What the collector calls itself when it asks for targets (`collector_id`); a pod's name in Kubernetes. Unique. */
  readonly name: string;
  /** The Kubernetes node that it runs on, where there is one. */
  readonly node?: string;
  /** Labels of the collector, for strategies that look at them. */
  readonly labels?: LabelSet;
  /** Annotations of the collector's pod, for strategies that look at them. */
  readonly annotations?: LabelSet;
}
