import { resourceFromAttributes } from '@opentelemetry/resources';
import { MeterProvider, PeriodicExportingMetricReader } from '@opentelemetry/sdk-metrics';

import type { Clock, Counter, Logger } from '../../plugin-api/index.js';
import type { PeriodicReaderConfig } from '../config/index.js';
import { ObservedExporter } from './observed-exporter.js';
import { createOtlpExporter } from './otlp-exporter.js';
import { RegistryProducer } from './otlp-producer.js';
import type { ProcessMetrics } from './process-metrics-registry.js';
import { resourceAttributesOf, type ServiceIdentity } from './service-resource.js';

/** What an OtlpExport works with. */
export interface OtlpExportParts {
  readonly metrics: ProcessMetrics;
  readonly identity: ServiceIdentity;
  readonly clock: Pick<Clock, 'epochMs'>;
  readonly logger: Logger;
}

export interface MeterProviderParts extends OtlpExportParts {
  /** What may be shown of where to. */
  readonly endpoint: string;
  readonly failures: Counter;
}

/** Makes what exports the process' metrics to one endpoint until it is shut down. */
export async function createMeterProvider(
  config: PeriodicReaderConfig,
  { metrics, identity, clock, logger, endpoint, failures }: MeterProviderParts,
): Promise<MeterProvider> {
  const exporter = new ObservedExporter(await createOtlpExporter(config.exporter), endpoint, {
    logger,
    failures,
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
