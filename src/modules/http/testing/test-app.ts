import { Global, Module, type Type } from '@nestjs/common';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { Test } from '@nestjs/testing';
import type { LogFields, Logger } from '../../../plugin-api/index.js';
import { ServedState } from '../../allocation/index.js';
import { type AllocatorConfig, ConfigService } from '../../config/index.js';
import { ResourceStatuses } from '../../custom-resources/index.js';
import { INSTALLED_PLUGINS } from '../../plugins/index.js';
import { CLOCK, LOGGER, METER, MetricsText } from '../../telemetry/index.js';
import { StaleAnswers } from '../../warm-start/index.js';
import { FakeClock } from '../../telemetry/testing/fake-clock.js';
import { configureApp, createFastifyAdapter, HttpModule, type ServerLimits } from '../index.js';
import { FakeMeter } from './fake-meter.js';
import { FakeStaleAnswers } from './fake-stale-answers.js';
import { FakeServedState } from './fake-served-state.js';

export interface LogLine {
  readonly level: string;
  readonly message: string;
  readonly fields: LogFields;
}

/** The application with all routes, on parts that a test sets. */
export interface TestApp {
  readonly app: NestFastifyApplication;
  readonly state: FakeServedState;
  readonly stale: FakeStaleAnswers;
  readonly resources: ResourceStatuses;
  readonly clock: FakeClock;
  readonly meter: FakeMeter;
  readonly config: { current: AllocatorConfig };
  readonly log: readonly LogLine[];
  /** Forgets what a test has set and recorded. */
  reset(): void;
}

export async function startTestApp(limits: Partial<ServerLimits> = {}): Promise<TestApp> {
  const parts = {
    state: new FakeServedState(),
    stale: new FakeStaleAnswers(),
    resources: new ResourceStatuses(),
    clock: new FakeClock(),
    meter: new FakeMeter(),
    config: { current: partialConfig({}) },
    log: [] as LogLine[],
  };
  const testing = Test.createTestingModule({
    imports: [
      HttpModule.register({
        imports: [fakePartsModule(parts)],
        version: '1.2.3',
      }),
    ],
  });
  const module = await testing.compile();
  const app = module.createNestApplication<NestFastifyApplication>(createFastifyAdapter(limits));
  configureApp(app, limits);
  await app.init();
  await app.getHttpAdapter().getInstance().ready();
  return {
    app,
    ...parts,
    reset: () => {
      parts.state.reset();
      parts.stale.reset();
      for (const { kind } of parts.resources.kinds()) parts.resources.deleteKind(kind);
      parts.meter.reset();
      parts.config.current = partialConfig({});
      parts.log.length = 0;
    },
  };
}

/** A configuration with what routes and probes read of it. */
export function partialConfig(config: Partial<AllocatorConfig>): AllocatorConfig {
  const read: Partial<AllocatorConfig> = {
    allocationStrategy: 'consistent-hashing',
    allocationFallbackStrategy: undefined,
    allowInsecureAuthSecrets: false,
    startupTimeoutMs: 60_000,
    ...config,
  };
  // eslint-disable-next-line @typescript-eslint/no-unsafe-type-assertion -- a fake: nothing else of it is read
  return read as AllocatorConfig;
}

function fakePartsModule(
  parts: Omit<TestApp, 'app' | 'log' | 'reset'> & { readonly log: LogLine[] },
): Type {
  const providers = [
    { provide: ServedState, useValue: parts.state },
    { provide: StaleAnswers, useValue: parts.stale },
    { provide: ResourceStatuses, useValue: parts.resources },
    { provide: ConfigService, useValue: parts.config },
    { provide: INSTALLED_PLUGINS, useValue: { installed: [], failed: [] } },
    { provide: METER, useValue: parts.meter },
    { provide: CLOCK, useValue: parts.clock },
    { provide: LOGGER, useValue: loggerInto(parts.log) },
    {
      provide: MetricsText,
      useValue: {
        text: () => Promise.resolve({ contentType: 'text/plain; version=0.0.4', body: 'up 1\n' }),
      },
    },
  ];
  @Global()
  @Module({ providers, exports: providers.map(({ provide }) => provide) })
  class FakePartsModule {}
  return FakePartsModule;
}

export function loggerInto(lines: LogLine[]): Logger {
  const at =
    (level: string) =>
    (message: string, fields: LogFields = {}): void => {
      lines.push({ level, message, fields });
    };
  const logger: Logger = {
    debug: at('debug'),
    info: at('info'),
    warn: at('warn'),
    error: at('error'),
    child: () => logger,
  };
  return logger;
}
