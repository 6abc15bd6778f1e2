import { hostname } from 'node:os';

import { type DynamicModule, Global, Module, type Provider } from '@nestjs/common';

import type { Clock, Logger } from '../../plugin-api/index.js';
import { ConfigService, type Environment } from '../config/index.js';
import { ConfigMetrics } from './config-metrics.js';
import { MetricsText } from './metrics-text.js';
import { createProcessMetrics, OtlpExport, type ServiceIdentity } from './metrics.js';
import { OtlpReaders } from './otlp-readers.service.js';
import { CLOCK, LOGGER, METER } from './telemetry.tokens.js';

export interface TelemetryModuleOptions {
  /** They exist before the application does: reading the configuration logs, too. */
  readonly logger: Logger;
  readonly clock: Clock;
  /** `OTEL_SERVICE_NAME` and `OTEL_RESOURCE_ATTRIBUTES` count. */
  readonly env: Environment;
}

/** Logger, metrics and clock for everyone. */
@Global()
@Module({})
export class TelemetryModule {
  static forRoot(options: TelemetryModuleOptions): DynamicModule {
    return {
      module: TelemetryModule,
      providers: [
        { provide: LOGGER, useValue: options.logger },
        { provide: CLOCK, useValue: options.clock },
        ...metricsProviders(options),
        OtlpReaders,
        ConfigMetrics,
      ],
      exports: [LOGGER, CLOCK, METER, MetricsText],
    };
  }
}

const PROCESS_METRICS = Symbol('ProcessMetrics');
type ProcessMetrics = ReturnType<typeof createProcessMetrics>;

function metricsProviders({ logger, clock, env }: TelemetryModuleOptions): readonly Provider[] {
  const identity: ServiceIdentity = {
    serviceName: env['OTEL_SERVICE_NAME'],
    resourceAttributes: env['OTEL_RESOURCE_ATTRIBUTES'],
    hostname: hostname(),
  };
  const telemetryLogger = logger.child('telemetry');
  return [
    {
      provide: PROCESS_METRICS,
      inject: [ConfigService],
      useFactory: (config: ConfigService): ProcessMetrics =>
        createProcessMetrics({
          logger: telemetryLogger,
          clock,
          identity,
          isExported: config.current.metricReaders.length > 0,
        }),
    },
    { provide: METER, inject: [PROCESS_METRICS], useFactory: ({ meter }: ProcessMetrics) => meter },
    {
      provide: MetricsText,
      inject: [PROCESS_METRICS],
      useFactory: ({ text }: ProcessMetrics) => text,
    },
    {
      provide: OtlpExport,
      inject: [PROCESS_METRICS],
      useFactory: (metrics: ProcessMetrics) =>
        new OtlpExport({ metrics, identity, clock, logger: telemetryLogger }),
    },
  ];
}
