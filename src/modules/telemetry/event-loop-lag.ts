import { type IntervalHistogram, monitorEventLoopDelay } from 'node:perf_hooks';

import { Gauge, type Registry } from 'prom-client';

/**
 * How often it is looked whether the event loop turns, in milliseconds. Each look wakes an idle process: 10, which is
 * prom-client's, costs it half a per cent of a core. A delay is seen up to this much shorter than it was.
 */
const resolutionMs = 40;
/** So rarely that it never is: 24 days. */
export const NEVER_MS = 2 ** 31 - 1;

const statistics: readonly (readonly [
  name: string,
  help: string,
  read: (delays: IntervalHistogram) => number,
])[] = [
  ['min', 'The minimum recorded event loop delay.', ({ min }) => min],
  ['max', 'The maximum recorded event loop delay.', ({ max }) => max],
  ['mean', 'The mean of the recorded event loop delays.', ({ mean }) => mean],
  ['p50', 'The 50th percentile of the recorded event loop delays.', (d) => d.percentile(50)],
  ['p90', 'The 90th percentile of the recorded event loop delays.', (d) => d.percentile(90)],
  ['p99', 'The 99th percentile of the recorded event loop delays.', (d) => d.percentile(99)],
];

/**
 * The metrics of the event loop's delay, by the names that Node.js dashboards know from prom-client, whose own are taken
 * away. What Node records is the time from one look to the next; what is told here is by how much that was too long.
 */
export function registerEventLoopLag(registry: Registry): void {
  const delays = monitorEventLoopDelay({ resolution: resolutionMs });
  delays.enable();
  registry.removeSingleMetric('nodejs_eventloop_lag_seconds');
  const lag: Gauge = new Gauge({
    name: 'nodejs_eventloop_lag_seconds',
    help: 'Lag of event loop in seconds.',
    registers: [registry],
    // Sets all of them: metrics are collected in the order in which they were made.
    collect: () => {
      const askedAt = performance.now();
      setImmediate(() => {
        lag.set((performance.now() - askedAt) / 1e3);
      });
      for (const [gauge, read] of gauges) {
        gauge.set(delays.count === 0 ? 0 : Math.max(0, read(delays) / 1e9 - resolutionMs / 1e3));
      }
      deviation.set(delays.count === 0 ? 0 : delays.stddev / 1e9);
      delays.reset();
    },
  });
  const add = (name: string, help: string): Gauge => {
    registry.removeSingleMetric(name);
    return new Gauge({ name, help, registers: [registry] });
  };
  const gauges = statistics.map(
    ([name, help, read]) => [add(`nodejs_eventloop_lag_${name}_seconds`, help), read] as const,
  );
  const deviation = add(
    'nodejs_eventloop_lag_stddev_seconds',
    'The standard deviation of the recorded event loop delays.',
  );
}
