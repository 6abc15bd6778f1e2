import type { MeterProvider } from '@opentelemetry/sdk-metrics';

import type { Counter } from '../../plugin-api/index.js';
import type { PeriodicReaderConfig } from '../config/index.js';
import { displayEndpoint } from './otlp-exporter.js';
import type { OtlpExportParts } from './otlp-provider.js';

/** How long the last export may take when exporting ends, in milliseconds. */
const lastExportTimeoutMs = 5_000;

/** Sends the process' metrics to the OTLP endpoints that are configured, each at its own interval. */
export class OtlpExport {
  readonly #parts: OtlpExportParts;
  readonly #failures: Counter;
  #running: readonly MeterProvider[] = [];
  #applied: readonly PeriodicReaderConfig[] = [];
  #work: Promise<void> = Promise.resolve();

  constructor(parts: OtlpExportParts) {
    this.#parts = parts;
    this.#failures = parts.metrics.meter.counter({
      name: 'opentelemetry_allocator_metric_export_failures_total',
      help: 'Number of exports of metrics over OTLP that failed.',
      labelNames: ['endpoint'],
    });
  }

  /** Exports to these endpoints from now on; what is the same as before goes on undisturbed. */
  apply(readers: readonly PeriodicReaderConfig[]): Promise<void> {
    return this.#inTurn(async () => {
      if (JSON.stringify(readers) === JSON.stringify(this.#applied)) return;
      await this.#stop();
      this.#applied = readers;
      const started = await Promise.all(readers.map((reader) => this.#start(reader)));
      this.#running = started.filter((provider) => provider !== undefined);
    });
  }

  /** Exports a last time and ends. */
  close(): Promise<void> {
    return this.#inTurn(() => this.#stop());
  }

  #inTurn(action: () => Promise<void>): Promise<void> {
    this.#work = this.#work.then(action);
    return this.#work;
  }

  async #start(config: PeriodicReaderConfig): Promise<MeterProvider | undefined> {
    const endpoint = displayEndpoint(config.exporter);
    try {
      // The SDK is loaded only now: most allocators export nothing.
      const { createMeterProvider } = await import('./otlp-provider.js');
      return await createMeterProvider(config, {
        ...this.#parts,
        endpoint,
        failures: this.#failures,
      });
    } catch (error) {
      // Observing us must not stop us.
      this.#parts.logger.error('metrics cannot be exported', { endpoint, error });
      this.#failures.add(1, { endpoint });
      return undefined;
    }
  }

  async #stop(): Promise<void> {
    const ending = this.#running;
    this.#running = [];
    this.#applied = [];
    const results = await Promise.allSettled(
      ending.map((provider) => provider.shutdown({ timeoutMillis: lastExportTimeoutMs })),
    );
    for (const result of results) {
      if (result.status === 'fulfilled') continue;
      this.#parts.logger.warn('the last export of metrics failed', { error: result.reason });
    }
  }
}
