import type { Meter } from './context.js';

/** What a polling discovery reports about itself. */
export interface RefreshMetrics {
  /** A refresh ended, well or not, after so many seconds. */
  took(seconds: number): void;
  failed(): void;
  /** Ends the series that are about this instance. */
  end(): void;
}

/**
 * The metrics that Prometheus keeps of polling discoveries, under the same names.
 *
 * @see https://github.com/prometheus/prometheus/blob/v3.14.0/discovery/metrics_refresh.go
 */
export function refreshMetrics(meter: Meter, mechanism: string, instance: string): RefreshMetrics {
  const labels = { mechanism, config: instance };
  const failures = meter.counter({
    name: 'prometheus_sd_refresh_failures_total',
    help: 'Number of refresh failures for the given SD mechanism.',
    labelNames: ['mechanism', 'config'],
  });
  const duration = meter.summary?.({
    name: 'prometheus_sd_refresh_duration_seconds',
    help: 'The duration of a refresh in seconds for the given SD mechanism.',
    labelNames: ['mechanism', 'config'],
    quantiles: [0.5, 0.9, 0.99],
  });
  const durations = meter.histogram({
    name: 'prometheus_sd_refresh_duration_histogram_seconds',
    help: 'The duration of a refresh for the given SD mechanism.',
    labelNames: ['mechanism'],
    buckets: [0.01, 0.1, 1, 10],
  });
  failures.add(0, labels);
  return {
    took: (seconds) => {
      duration?.record(seconds, labels);
      durations.record(seconds, { mechanism });
    },
    failed: () => {
      failures.add(1, labels);
    },
    end: () => {
      failures.remove(labels);
      duration?.remove(labels);
    },
  };
}
