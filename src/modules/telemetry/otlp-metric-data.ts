import { type HrTime, ValueType } from '@opentelemetry/api';
import { AggregationTemporality, DataPointType, type MetricData } from '@opentelemetry/sdk-metrics';

import { isScoped, withoutScopeLabels } from './metric-scope.js';

/** A metric as prom-client gives it. Its declared types say that `type` is a number; it is `counter`, `gauge` and so on. */
export interface Family {
  readonly name: string;
  readonly help: string;
  readonly type: unknown;
  readonly values: readonly Sample[];
}
export interface Sample {
  readonly value: number;
  readonly labels: Readonly<Record<string, string | number | undefined>>;
  /** Of histograms and summaries: the family's name with `_bucket`, `_sum` or `_count`. */
  readonly metricName?: string;
}

/** When the numbers began, and when they were read. */
export interface Period {
  readonly start: HrTime;
  readonly end: HrTime;
}

type Attributes = Record<string, string>;

/** The Go allocator's attributes that have another name as labels. */
const attributeNames: ReadonlyMap<string, string> = new Map([['job_name', 'job.name']]);

function attributesOf(metric: string, sample: Sample, ...without: readonly string[]): Attributes {
  const labels = withoutScopeLabels(sample.labels).filter(([name]) => !without.includes(name));
  if (!isScoped(metric)) return Object.fromEntries(labels);
  return Object.fromEntries(
    labels.map(([name, value]) => [attributeNames.get(name) ?? name, value]),
  );
}

function descriptorOf(name: string, help: string): MetricData['descriptor'] {
  return { name, description: help, unit: '', valueType: ValueType.DOUBLE };
}

function gauge(name: string, { help, values }: Family, { start, end }: Period): MetricData {
  return {
    descriptor: descriptorOf(name, help),
    aggregationTemporality: AggregationTemporality.CUMULATIVE,
    dataPointType: DataPointType.GAUGE,
    dataPoints: values.map((sample) => ({
      startTime: start,
      endTime: end,
      attributes: attributesOf(name, sample),
      value: sample.value,
    })),
  };
}

function sum(name: string, family: Omit<Family, 'name'>, { start, end }: Period): MetricData {
  // The Go allocator's own counters go by their OpenTelemetry names, without the suffix that Prometheus wants.
  const exported = isScoped(name) ? name.replace(/_total$/, '') : name;
  return {
    descriptor: descriptorOf(exported, family.help),
    aggregationTemporality: AggregationTemporality.CUMULATIVE,
    dataPointType: DataPointType.SUM,
    isMonotonic: true,
    dataPoints: family.values.map((sample) => ({
      startTime: start,
      endTime: end,
      attributes: attributesOf(name, sample),
      value: sample.value,
    })),
  };
}

/** Samples with the same labels, `le` aside, in the order of their first one. */
function bySeries(family: Family): readonly (readonly Sample[])[] {
  const series = new Map<string, Sample[]>();
  for (const sample of family.values) {
    const labels = withoutScopeLabels(sample.labels).filter(([name]) => name !== 'le');
    const key = JSON.stringify(labels.sort());
    series.set(key, [...(series.get(key) ?? []), sample]);
  }
  return [...series.values()];
}

function histogram(family: Family, { start, end }: Period): MetricData {
  const { name, help } = family;
  const part = (samples: readonly Sample[], suffix: string): readonly Sample[] =>
    samples.filter(({ metricName }) => metricName === name + suffix);
  return {
    descriptor: descriptorOf(name, help),
    aggregationTemporality: AggregationTemporality.CUMULATIVE,
    dataPointType: DataPointType.HISTOGRAM,
    dataPoints: bySeries(family).flatMap((samples) => {
      const [first] = samples;
      if (first === undefined) return [];
      const buckets = part(samples, '_bucket');
      const bounds = buckets.map(({ labels }) => Number(labels['le'])).filter(Number.isFinite);
      // Prometheus counts what is below each bound, OpenTelemetry what is between two.
      const counts = buckets.map(({ value }, i) => value - (buckets[i - 1]?.value ?? 0));
      return {
        startTime: start,
        endTime: end,
        attributes: attributesOf(name, first, 'le'),
        value: {
          buckets: { boundaries: bounds, counts },
          sum: part(samples, '_sum')[0]?.value ?? 0,
          count: part(samples, '_count')[0]?.value ?? 0,
        },
      };
    }),
  };
}

/** OpenTelemetry's JavaScript SDK cannot export summaries: they become a gauge of quantiles, a sum and a count. */
function summary(family: Family, period: Period): readonly MetricData[] {
  const { name, help, type } = family;
  const part = (suffix: string): MetricData => {
    const partName = name + suffix;
    const values = family.values.filter(({ metricName }) => metricName === partName);
    return sum(partName, { help, type, values }, period);
  };
  const quantiles = family.values.filter(({ labels }) => labels['quantile'] !== undefined);
  return [gauge(name, { ...family, values: quantiles }, period), part('_sum'), part('_count')];
}

/** A prom-client metric as OpenTelemetry's data, cumulative. */
export function metricDataOf(family: Family, period: Period): readonly MetricData[] {
  switch (family.type) {
    case 'counter':
      return [sum(family.name, family, period)];
    case 'histogram':
      return [histogram(family, period)];
    case 'summary':
      return summary(family, period);
    default:
      return [gauge(family.name, family, period)];
  }
}
