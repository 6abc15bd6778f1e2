import { resourceFromAttributes } from '@opentelemetry/resources';
import { MeterProvider, PeriodicExportingMetricReader } from '@opentelemetry/sdk-metrics';

import type { Clock, Counter, Logger } from '../../plugin-api/index.js';
import type { PeriodicReaderConfig } from '../config/index.js';
import { ObservedExporter } from './observed-exporter.js';
import { createOtlpExporter, displayEndpoint } from './otlp-exporter.js';
import { RegistryProducer } from './otlp-producer.js';
import type { ProcessMetrics } from './process-metrics-registry.js';
import { resourceAttributesOf, type ServiceIdentity } from './service-resource.js';

/** How long the last export may take when exporting ends, in milliseconds. */
const lastExportTimeoutMs = 5_000;

/** What an {@link OtlpExport} works with. */
export interface OtlpExportParts {
  readonly metrics: ProcessMetrics;
  readonly identity: ServiceIdentity;
  readonly clock: Pick<Clock, 'epochMs'>;
  readonly logger: Logger;
}

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
      return await this.#provider(config, endpoint);
    } catch (error) {
      // Observing us must not stop us.
      this.#parts.logger.error('metrics cannot be exported', { endpoint, error });
      this.#failures.add(1, { endpoint });
      return undefined;
    }
  }

  async #provider(config: PeriodicReaderConfig, endpoint: string): Promise<MeterProvider> {
    const { metrics, identity, clock, logger } = this.#parts;
    const exporter = new ObservedExporter(await createOtlpExporter(config.exporter), endpoint, {
      logger,
      failures: this.#failures,
    });
    const producer = new RegistryProducer({
      registry: metrics.registry,
      isSynchronous: (name) => metrics.meter.isSynchronous(name),
      clock,
      startMs: metrics.startMs,
      temporality: config.exporter.temporalityPreference,
    });
    const reader = new PeriodicExportingMetricReader({
      exporter,
      exportIntervalMillis: config.intervalMs,
      // The reader refuses a timeout above its interval.
      exportTimeoutMillis: Math.min(config.timeoutMs, config.intervalMs),
      metricProducers: [producer],
    });
    const attributes = Object.fromEntries(resourceAttributesOf(identity, true));
    return new MeterProvider({ resource: resourceFromAttributes(attributes), readers: [reader] });
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
