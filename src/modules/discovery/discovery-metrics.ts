import type { Counter, Meter } from '../../plugin-api/index.js';

/** What the gauges show of one job. */
export interface JobFigures {
  readonly job: string;
  readonly targets: number;
  /** When groups were last passed on, in milliseconds since the epoch; `undefined`: never. */
  readonly lastUpdateMs: number | undefined;
}

export interface DiscoveryFigures {
  jobs(): Iterable<JobFigures>;
  failedConfigs(): number;
}

/** Prometheus can have several managers and names them; the Go allocator's has the empty name. */
const manager = { name: '' };

/**
 * The metrics of Prometheus' discovery manager, under the same names.
 *
 * @see https://github.com/prometheus/prometheus/blob/v3.14.0/discovery/metrics.go
 */
export class DiscoveryMetrics {
  readonly #received: Counter;
  readonly #sent: Counter;
  readonly #largeDrops: Counter;

  constructor(meter: Meter, figures: DiscoveryFigures) {
    const counter = (name: string, help: string): Counter => {
      const made = meter.counter({ name, help, labelNames: ['name'] });
      made.add(0, manager);
      return made;
    };
    this.#received = counter(
      'prometheus_sd_received_updates_total',
      'Total number of update events received from the SD providers.',
    );
    this.#sent = counter(
      'prometheus_sd_updates_total',
      'Total number of update events sent to the SD consumers.',
    );
    this.#largeDrops = meter.counter({
      name: 'opentelemetry_allocator_discovery_large_drops_total',
      help: 'Updates by which half or more of at least 100 targets of a service discovery went, or more than max_drop_ratio.',
      labelNames: ['mechanism'],
    });
    // Nothing is ever delayed here, as updates are taken at once and coalesced later: dashboards find it at 0.
    counter(
      'prometheus_sd_updates_delayed_total',
      "Total number of update events that couldn't be sent immediately.",
    );
    observeJobs(meter, figures);
  }

  passedOn(): void {
    this.#received.add(1, manager);
    this.#sent.add(1, manager);
  }

  /** Lets the series be there before the first drop: a rate needs two points. */
  knows(mechanism: string): void {
    this.#largeDrops.add(0, { mechanism });
  }

  dropped(mechanism: string): void {
    this.#largeDrops.add(1, { mechanism });
  }
}

function observeJobs(meter: Meter, figures: DiscoveryFigures): void {
  meter.observableGauge(
    {
      name: 'prometheus_sd_failed_configs',
      help: 'Current number of service discovery configurations that failed to load.',
      labelNames: ['name'],
    },
    (report) => {
      report(figures.failedConfigs(), manager);
    },
  );
  meter.observableGauge(
    {
      name: 'prometheus_sd_discovered_targets',
      help: 'Current number of discovered targets.',
      labelNames: ['name', 'config'],
    },
    (report) => {
      for (const { job, targets } of figures.jobs()) report(targets, { ...manager, config: job });
    },
  );
  meter.observableGauge(
    {
      name: 'prometheus_sd_last_update_timestamp_seconds',
      help: 'Timestamp of the last update sent to the SD consumers.',
      labelNames: ['name', 'config'],
    },
    (report) => {
      for (const { job, lastUpdateMs } of figures.jobs()) {
        if (lastUpdateMs !== undefined) report(lastUpdateMs / 1_000, { ...manager, config: job });
      }
    },
  );
}
