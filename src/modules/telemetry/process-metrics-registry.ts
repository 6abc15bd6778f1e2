import { Registry } from 'prom-client';

import type { Clock, Logger } from '../../plugin-api/index.js';
import { registerIdleFamilies } from './idle-families.js';
import { registerProcessMetrics } from './process-metrics.js';
import { PrometheusMeter } from './prometheus-meter.js';
import { PrometheusText } from './prometheus-text.js';
import { resourceAttributesOf, type ServiceIdentity } from './service-resource.js';
import { registerTargetInfo } from './target-info.js';

/** Everything that is measured in this process. */
export interface ProcessMetrics {
  readonly meter: PrometheusMeter;
  /** What `/metrics` answers with. */
  readonly text: PrometheusText;
  readonly registry: Registry;
  /** When counting began, in milliseconds since the Unix epoch. */
  readonly startMs: number;
}

/** What {@link createProcessMetrics} needs. */
export interface ProcessMetricsParts {
  readonly logger: Logger;
  readonly clock: Pick<Clock, 'epochMs'>;
  readonly identity: ServiceIdentity;
  /** Whether metrics are exported too: then the instance is named among the attributes. */
  readonly isExported: boolean;
}

/** Makes the registry with the metrics that are there whatever the allocator does, and the meter for all others. */
export function createProcessMetrics(parts: ProcessMetricsParts): ProcessMetrics {
  const { logger, clock, identity, isExported } = parts;
  const registry = new Registry();
  const meter = new PrometheusMeter(registry, (metric, error) => {
    logger.warn('a metric cannot be read', { metric, error });
  });
  registerProcessMetrics(registry);
  registerTargetInfo(registry, resourceAttributesOf(identity, isExported));
  registerIdleFamilies(meter);
  return { meter, text: new PrometheusText(registry), registry, startMs: clock.epochMs() };
}
