import type { PushMetricExporter, ResourceMetrics } from '@opentelemetry/sdk-metrics';

import type { Counter, Logger } from '../../plugin-api/index.js';

type Done = Parameters<PushMetricExporter['export']>[1];

/** What tells operators how exporting goes. */
export interface ExportWitness {
  readonly logger: Logger;
  readonly failures: Counter;
}

/** Exports through another exporter, counts what fails, and logs when it begins to fail and when it works again. */
export class ObservedExporter implements PushMetricExporter {
  readonly #inner: PushMetricExporter;
  readonly #endpoint: string;
  readonly #witness: ExportWitness;
  #isFailing = false;

  constructor(inner: PushMetricExporter, endpoint: string, witness: ExportWitness) {
    this.#inner = inner;
    this.#endpoint = endpoint;
    this.#witness = witness;
  }

  export(metrics: ResourceMetrics, done: Done): void {
    this.#inner.export(metrics, (result) => {
      // Every failure has an error.
      this.#observe(result.error);
      done(result);
    });
  }

  forceFlush(): Promise<void> {
    return this.#inner.forceFlush();
  }

  shutdown(): Promise<void> {
    return this.#inner.shutdown();
  }

  #observe(error: Error | undefined): void {
    const { logger, failures } = this.#witness;
    const endpoint = this.#endpoint;
    if (error !== undefined) failures.add(1, { endpoint });
    const isFailing = error !== undefined;
    if (isFailing === this.#isFailing) return;
    this.#isFailing = isFailing;
    if (isFailing)
      logger.warn('exporting metrics fails; trying again each interval', { endpoint, error });
    else logger.info('exporting metrics works again', { endpoint });
  }
}
