import type { Counter, Meter, Summary } from '../../../plugin-api/index.js';

/** When files were last modified, by path, in seconds since the epoch. */
type FileTimes = ReadonlyMap<string, number>;

/**
 * The metrics that Prometheus keeps of its file discovery, under the same names.
 *
 * @see https://github.com/prometheus/prometheus/blob/v3.14.0/discovery/file/metrics.go
 */
export interface FileMetrics {
  readonly readErrors: Counter;
  readonly watcherErrors: Counter;
  readonly scanSeconds: Summary | undefined;
  /** Shows the times of a discovery's files until the answer is called. */
  show(times: FileTimes): () => void;
}

/** All discoveries of one host report the times of their files through one gauge. */
const shownByMeter = new WeakMap<Meter, Set<FileTimes>>();

export function fileMetrics(meter: Meter): FileMetrics {
  const readErrors = meter.counter({
    name: 'prometheus_sd_file_read_errors_total',
    help: 'The number of File-SD read errors.',
  });
  const watcherErrors = meter.counter({
    name: 'prometheus_sd_file_watcher_errors_total',
    help: 'The number of File-SD errors caused by filesystem watch failures.',
  });
  readErrors.add(0);
  watcherErrors.add(0);
  const scanSeconds = meter.summary?.({
    name: 'prometheus_sd_file_scan_duration_seconds',
    help: 'The duration of the File-SD scan in seconds.',
    quantiles: [0.5, 0.9, 0.99],
  });
  const shown = shownOf(meter);
  return {
    readErrors,
    watcherErrors,
    scanSeconds,
    show: (times) => {
      shown.add(times);
      return () => shown.delete(times);
    },
  };
}

function shownOf(meter: Meter): Set<FileTimes> {
  const known = shownByMeter.get(meter);
  if (known !== undefined) return known;
  const shown = new Set<FileTimes>();
  shownByMeter.set(meter, shown);
  meter.observableGauge(
    {
      name: 'prometheus_sd_file_mtime_seconds',
      help: 'Timestamp (mtime) of files read by FileSD. Timestamp is set at read time.',
      labelNames: ['filename'],
    },
    (report) => {
      const unique = new Map([...shown].flatMap((times) => [...times]));
      for (const [filename, seconds] of unique) report(seconds, { filename });
    },
  );
  return shown;
}
