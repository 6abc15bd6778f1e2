import { Inject, Injectable } from '@nestjs/common';
import type { AllocationView, JobSummary } from '../../core/allocation/allocation-view.js';
import type { Histogram, Meter } from '../../plugin-api/index.js';
import { ConfigService } from '../config/index.js';
import { METER } from '../telemetry/index.js';

/** OpenTelemetry's default bounds, which the Go allocator uses here although its values are seconds. */
const allocationBuckets = [0, 5, 10, 25, 50, 75, 100, 250, 500, 750, 1e3, 2.5e3, 5e3, 7.5e3, 1e4];
const processingBuckets = [1, 5, 10, 30, 60, 120];
const prefix = 'opentelemetry_allocator_';

/**
 * The allocator's metrics under the Go one's names. Gauges are read off the view at each collection, so that they
 * follow what is, go back to 0 and end with their job or collector.
 *
 * @see https://github.com/open-telemetry/opentelemetry-operator/blob/main/cmd/otel-allocator/internal/allocation/allocator.go
 */
@Injectable()
export class AllocationMetrics {
  readonly #strategy: string;
  readonly #timeToAllocate: Histogram;
  readonly #processTargets: Histogram;
  readonly #processTargetGroups: Histogram;

  constructor(
    @Inject(METER) private readonly meter: Meter,
    config: ConfigService,
  ) {
    this.#strategy = config.current.allocationStrategy;
    this.#timeToAllocate = meter.histogram({
      name: `${prefix}time_to_allocate`,
      help: 'The time it takes to allocate',
      labelNames: ['method', 'strategy'],
      buckets: allocationBuckets,
    });
    this.#processTargets = meter.histogram({
      name: `${prefix}process_targets_duration_seconds`,
      help: 'Duration of processing targets.',
      buckets: processingBuckets,
    });
    this.#processTargetGroups = meter.histogram({
      name: `${prefix}process_target_groups_duration_seconds`,
      help: 'Duration of processing target groups.',
      labelNames: ['job_name'],
      buckets: processingBuckets,
    });
  }

  /** Makes the gauges; they read the view from now on. */
  observe(view: AllocationView): void {
    const strategy = this.#strategy;
    this.meter.observableGauge(
      { name: `${prefix}targets`, help: 'Number of targets discovered.', labelNames: ['job_name'] },
      (report) => {
        for (const { job, discovered } of view.jobs()) report(discovered, { job_name: job });
      },
    );
    this.#observe('targets_remaining', 'Number of targets kept after filtering.', () =>
      sumOf(view, 'remaining'),
    );
    // As in the Go allocator, targets that wait for a first collector are not among those that no strategy could place.
    this.#observe('targets_unassigned', 'Number of targets that could not be assigned.', () =>
      view.collectors.length === 0 ? 0 : sumOf(view, 'unassigned'),
    );
    this.meter.observableGauge(
      {
        name: `${prefix}targets_per_collector`,
        help: 'The number of targets for each collector.',
        labelNames: ['collector_name', 'strategy'],
      },
      (report) => {
        for (const { name } of view.collectors) {
          report(view.targetsPerCollector(name), { collector_name: name, strategy });
        }
      },
    );
    this.meter.observableGauge(
      {
        name: `${prefix}collectors_allocatable`,
        help: 'Number of collectors the allocator is able to allocate to.',
        labelNames: ['strategy'],
      },
      (report) => {
        report(view.collectors.length, { strategy });
      },
    );
  }

  /** Records the time that a new set of targets or collectors took, in milliseconds. */
  allocated(method: 'SetTargets' | 'SetCollectors', durationMs: number): void {
    const labels = { method, strategy: this.#strategy };
    this.#timeToAllocate.record(durationMs / 1000, labels);
    if (method === 'SetTargets') this.#processTargets.record(durationMs / 1000);
  }

  /** Records the time that changed target groups of a job took, in milliseconds. */
  processedGroups(job: string, durationMs: number): void {
    this.#processTargetGroups.record(durationMs / 1000, { job_name: job });
  }

  /** Ends the series of a job that is gone. */
  forgetJob(job: string): void {
    this.#processTargetGroups.remove({ job_name: job });
  }

  #observe(name: string, help: string, read: () => number): void {
    this.meter.observableGauge({ name: prefix + name, help }, (report) => {
      report(read());
    });
  }
}

function sumOf(view: AllocationView, count: 'remaining' | 'unassigned'): number {
  return view.jobs().reduce((sum: number, job: JobSummary) => sum + job[count], 0);
}
