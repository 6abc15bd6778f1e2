import type { Meter } from '../../plugin-api/index.js';

const counters: readonly (readonly [name: string, help: string])[] = [
  [
    'prometheus_template_text_expansion_failures_total',
    'The total number of template text expansion failures.',
  ],
  ['prometheus_template_text_expansions_total', 'The total number of template text expansions.'],
  ['prometheus_treecache_zookeeper_failures_total', 'The total number of ZooKeeper failures.'],
];

/**
 * Families of Prometheus' libraries that the Go allocator shows although it does nothing that would move them. They stand
 * at 0 here as there, so that dashboards and recording rules find the series that they name.
 */
export function registerIdleFamilies(meter: Meter): void {
  for (const [name, help] of counters) meter.counter({ name, help });
  meter.observableGauge(
    {
      name: 'prometheus_treecache_watcher_goroutines',
      help: 'The current number of watcher goroutines.',
    },
    (report) => {
      report(0);
    },
  );
}
