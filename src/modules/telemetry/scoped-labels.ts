import type { MetricLabels } from '../../plugin-api/index.js';
import { scopeLabelsOf } from './metric-scope.js';

/**
 * Adds the labels of a metric's scope. What frozen labels become is kept: who records with each request and freezes the labels
 * that it records with pays for them once.
 */
export class ScopedLabels {
  readonly #scope: MetricLabels;
  readonly #kept = new WeakMap<MetricLabels, MetricLabels>();

  constructor(metric: string) {
    this.#scope = scopeLabelsOf(metric);
  }

  of(labels: MetricLabels): MetricLabels {
    const known = this.#kept.get(labels);
    if (known !== undefined) return known;
    const scoped = { ...labels, ...this.#scope };
    if (Object.isFrozen(labels)) this.#kept.set(labels, scoped);
    return scoped;
  }
}
