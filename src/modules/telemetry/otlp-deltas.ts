import type { HrTime } from '@opentelemetry/api';
import {
  AggregationTemporality,
  type DataPoint,
  DataPointType,
  type HistogramMetricData,
  type MetricData,
  type SumMetricData,
} from '@opentelemetry/sdk-metrics';

type HistogramValue = HistogramMetricData['dataPoints'][number]['value'];

interface Former {
  readonly value: number | HistogramValue;
  readonly endTime: HrTime;
}

function sumDelta(now: number, former: number): number {
  // A series that began anew counts from 0.
  return now < former ? now : now - former;
}

function histogramDelta(now: HistogramValue, former: HistogramValue): HistogramValue {
  if (now.count < former.count) return now;
  const { boundaries, counts } = now.buckets;
  return {
    buckets: {
      boundaries,
      counts: counts.map((count, i) => Math.max(0, count - (former.buckets.counts[i] ?? 0))),
    },
    sum: (now.sum ?? 0) - (former.sum ?? 0),
    count: now.count - former.count,
  };
}

/**
 * Turns cumulative sums and histograms into what was added since the last time. Remembers one number (or histogram) for
 * each series, as long as the series is there. The first time a series is seen all of it was added.
 */
export class Deltas {
  #former: ReadonlyMap<string, Former> = new Map<string, Former>();
  #latest = new Map<string, Former>();

  /** The metrics of one collection; `isDelta` says which of them are wanted as deltas. */
  convert(
    metrics: readonly MetricData[],
    isDelta: (metric: MetricData) => boolean,
  ): readonly MetricData[] {
    this.#latest = new Map();
    const converted = metrics.map((metric) => (isDelta(metric) ? this.#delta(metric) : metric));
    this.#former = this.#latest;
    return converted;
  }

  #delta(metric: MetricData): MetricData {
    switch (metric.dataPointType) {
      case DataPointType.SUM:
        return this.#sum(metric);
      case DataPointType.HISTOGRAM:
        return this.#histogram(metric);
      default:
        return metric;
    }
  }

  #sum(metric: SumMetricData): MetricData {
    const dataPoints = metric.dataPoints.map((point) => {
      const former = this.#formerOf(metric, point);
      if (typeof former?.value !== 'number') return point;
      return { ...point, startTime: former.endTime, value: sumDelta(point.value, former.value) };
    });
    return { ...metric, aggregationTemporality: AggregationTemporality.DELTA, dataPoints };
  }

  #histogram(metric: HistogramMetricData): MetricData {
    const dataPoints = metric.dataPoints.map((point) => {
      const former = this.#formerOf(metric, point);
      if (former === undefined || typeof former.value === 'number') return point;
      const value = histogramDelta(point.value, former.value);
      return { ...point, startTime: former.endTime, value };
    });
    return { ...metric, aggregationTemporality: AggregationTemporality.DELTA, dataPoints };
  }

  #formerOf(metric: MetricData, point: DataPoint<number | HistogramValue>): Former | undefined {
    const attributes = Object.entries(point.attributes).sort();
    const key = JSON.stringify([metric.descriptor.name, attributes]);
    this.#latest.set(key, { value: point.value, endTime: point.endTime });
    return this.#former.get(key);
  }
}
