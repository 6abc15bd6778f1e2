import type { HrTime } from '@opentelemetry/api';
import { emptyResource } from '@opentelemetry/resources';
import type {
  CollectionResult,
  MetricData,
  MetricProducer,
  ScopeMetrics,
} from '@opentelemetry/sdk-metrics';
import type { Registry } from 'prom-client';

import type { Clock } from '../../plugin-api/index.js';
import type { TemporalityPreference } from '../config/index.js';
import { isScoped, scopeName } from './metric-scope.js';
import { Deltas } from './otlp-deltas.js';
import { type Family, metricDataOf } from './otlp-metric-data.js';

/** The scope of what is not the allocator's own: the process', Node.js' and the discovery library's metrics. */
const bridgeScope = 'target-allocator/prometheus';
/** Attributes of the resource, which each export has anyway. */
const resourceMetric = 'target_info';

/** What a {@link RegistryProducer} reads, and how it is wanted. */
export interface ProducerOptions {
  readonly registry: Registry;
  /** Whether a metric is counted as things happen; see {@link PrometheusMeter.isSynchronous}. */
  readonly isSynchronous: (metric: string) => boolean;
  readonly clock: Pick<Clock, 'epochMs'>;
  /** When the process began to count. */
  readonly startMs: number;
  readonly temporality: TemporalityPreference;
}

function hrTime(epochMs: number): HrTime {
  const seconds = Math.trunc(epochMs / 1000);
  return [seconds, Math.round((epochMs - seconds * 1000) * 1e6)];
}

/**
 * Gives the metrics of a prom-client registry to OpenTelemetry's exporter. The SDK does not convert what producers give, so
 * the wanted temporality is made here: `delta` converts every sum and histogram, `low_memory` only those that are counted
 * as things happen.
 *
 * @see https://opentelemetry.io/docs/specs/otel/metrics/sdk_exporters/otlp/#additional-environment-variable-configuration
 */
export class RegistryProducer implements MetricProducer {
  readonly #options: ProducerOptions;
  readonly #deltas = new Deltas();

  constructor(options: ProducerOptions) {
    this.#options = options;
  }

  async collect(): Promise<CollectionResult> {
    const { registry, clock, startMs } = this.#options;
    const families: readonly Family[] = await registry.getMetricsAsJSON();
    const period = { start: hrTime(startMs), end: hrTime(clock.epochMs()) };
    const synchronous = new Set<string>();
    const cumulative: MetricData[] = [];
    for (const family of families) {
      if (family.name === resourceMetric) continue;
      for (const metric of metricDataOf(family, period)) {
        if (this.#options.isSynchronous(family.name)) synchronous.add(metric.descriptor.name);
        if (metric.dataPoints.length > 0) cumulative.push(metric);
      }
    }
    const metrics = this.#deltas.convert(cumulative, ({ descriptor }) =>
      this.#isDelta(synchronous.has(descriptor.name)),
    );
    return {
      resourceMetrics: { resource: emptyResource(), scopeMetrics: byScope(metrics) },
      errors: [],
    };
  }

  #isDelta(isSynchronous: boolean): boolean {
    const { temporality } = this.#options;
    return temporality === 'delta' || (temporality === 'low_memory' && isSynchronous);
  }
}

function byScope(metrics: readonly MetricData[]): ScopeMetrics[] {
  const own = metrics.filter(({ descriptor }) => isScoped(descriptor.name));
  const others = metrics.filter(({ descriptor }) => !isScoped(descriptor.name));
  return [
    { scope: { name: scopeName }, metrics: own },
    { scope: { name: bridgeScope }, metrics: others },
  ].filter(({ metrics: inScope }) => inScope.length > 0);
}
