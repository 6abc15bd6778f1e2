import { Controller, Get, Inject, Module } from '@nestjs/common';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import { Test } from '@nestjs/testing';
import { describe, expect, it } from 'vitest';
import { RecordingLogger, RecordingMeter } from '../../../test/fixtures/plugin-context.js';
import {
  definePlugin,
  defineStrategy,
  PLUGIN_CONTEXT,
  type PluginContext,
  type ReadinessIndicator,
} from '../../plugin-api/index.js';
import { FakeClock } from '../../plugin-api/testing/index.js';
import { CLOCK, LOGGER, METER } from '../telemetry/index.js';
import { PluginHost, PluginsModule } from './index.js';
import { definitionToken } from './plugins.tokens.js';

const logger = new RecordingLogger();
const meter = new RecordingMeter();

@Module({
  providers: [
    { provide: LOGGER, useValue: logger },
    { provide: METER, useValue: meter },
    { provide: CLOCK, useValue: new FakeClock() },
  ],
  exports: [LOGGER, METER, CLOCK],
})
class FakeTelemetryModule {}

@Controller('zones')
class ZonesController {
  constructor(@Inject(PLUGIN_CONTEXT) private readonly context: PluginContext) {}

  @Get()
  zones(): readonly string[] {
    this.context.logger.info('zones were asked for');
    this.context.meter.counter({ name: 'questions_total', help: 'Questions.' }).add(1);
    this.context.joinReadiness?.({
      name: 'zones',
      status: () => ({ answered: true, detail: 'two zones' }),
    });
    return ['a', 'b'];
  }
}

@Module({ controllers: [ZonesController] })
class ZonesModule {}

const strategy = defineStrategy({
  name: 'zoned',
  stability: 'alpha',
  create: (_options, context) => {
    context.logger.info('made');
    return { prepare: () => () => undefined };
  },
});

async function appWith(nestModule: object): Promise<{
  readonly app: NestFastifyApplication;
  readonly indicators: ReadinessIndicator[];
}> {
  const indicators: ReadinessIndicator[] = [];
  const plugin = definePlugin({ name: 'zones', provides: [strategy], nestModule });
  const installed = [
    { plugin, package: { name: '@team/zone-plugin', version: '1.0.0', directory: '/p' } },
  ];
  const testing = Test.createTestingModule({
    imports: [
      { module: FakeTelemetryModule, global: true },
      PluginsModule.forRoot({
        plugins: { installed, failed: [] },
        environment: {
          useValue: {
            proxies: {},
            joinReadiness: (indicator) => {
              indicators.push(indicator);
              return () => undefined;
            },
          },
        },
      }),
    ],
  });
  const module = await testing.compile();
  const app = module.createNestApplication<NestFastifyApplication>(new FastifyAdapter());
  await app.init();
  await app.getHttpAdapter().getInstance().ready();
  return { app, indicators };
}

describe('a plugin in Nest', () => {
  it.each([
    ['a class', ZonesModule],
    ['a dynamic module', { module: ZonesModule }],
  ])(
    'is served below its own path, with lines, metrics and readiness under its own name, as %s',
    async (_what, nestModule) => {
      const { app, indicators } = await appWith(nestModule);
      const answer = await app.inject('/plugins/@team/zone-plugin/zones');
      expect(answer.json()).toEqual(['a', 'b']);
      expect(logger.lines.at(-1)).toMatchObject({
        logger: 'plugin.@team/zone-plugin',
        message: 'zones were asked for',
      });
      const counted = 'opentelemetry_allocator_plugin_team_zone_plugin_questions_total';
      expect(meter.series(counted)['{}']).toBeGreaterThan(0);
      expect(indicators.map(({ name }) => name)).toEqual(['@team/zone-plugin/zones']);
      await app.close();
    },
  );

  it('has its definitions as providers under their tokens, and a logger of its own', async () => {
    const { app } = await appWith(ZonesModule);
    const token = definitionToken('strategy/zoned');
    expect(app.get<unknown>(token, { strict: false })).toBe(strategy);
    await app.get(PluginHost).make(strategy, {});
    expect(logger.lines.at(-1)?.logger).toBe('plugin.@team/zone-plugin.strategy.zoned');
    await app.close();
  });
});
