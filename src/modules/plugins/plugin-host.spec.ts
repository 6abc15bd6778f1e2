import { Test } from '@nestjs/testing';
import { describe, expect, it } from 'vitest';
import { RecordingLogger, RecordingMeter } from '../../../test/fixtures/plugin-context.js';
import {
  definePlugin,
  defineServiceDiscovery,
  defineStrategy,
  type AnyDefinition,
  type PluginContext,
  type StandardResult,
  type StandardSchema,
} from '../../plugin-api/index.js';
import { CLOCK, LOGGER, METER } from '../telemetry/index.js';
import { FakeClock } from '../telemetry/testing/fake-clock.js';
import { Global, Module } from '@nestjs/common';
import { PluginHost, PluginRegistry, PluginsModule, type PluginEnvironment } from './index.js';

const logger = new RecordingLogger();

@Global()
@Module({
  providers: [
    { provide: LOGGER, useValue: logger },
    { provide: METER, useValue: new RecordingMeter() },
    { provide: CLOCK, useValue: new FakeClock() },
  ],
  exports: [LOGGER, METER, CLOCK],
})
class FakeTelemetryModule {}

async function hostOf(
  provides: readonly AnyDefinition[],
  environment: PluginEnvironment = { proxies: {} },
): Promise<PluginHost> {
  const module = await Test.createTestingModule({
    imports: [
      FakeTelemetryModule,
      PluginsModule.forRoot({
        plugins: { installed: [{ plugin: definePlugin({ name: 'test', provides }) }], failed: [] },
        environment: { useValue: environment },
      }),
    ],
  }).compile();
  return module.get(PluginHost);
}

const schemaOf = <T>(
  validate: (value: unknown) => StandardResult<T> | Promise<StandardResult<T>>,
): StandardSchema<T> => ({ '~standard': { version: 1, vendor: 'test', validate } });

/** A discovery that shows what it was made with. */
const showing = (configSchema?: StandardSchema) => {
  const made: { config: unknown; context: PluginContext }[] = [];
  const definition = defineServiceDiscovery({
    name: 'showing',
    stability: 'stable',
    ...(configSchema === undefined ? {} : { configSchema }),
    create: (config: unknown, context) => {
      made.push({ config, context });
      return { run: () => Promise.resolve() };
    },
  });
  return { definition, made };
};

describe('PluginHost', () => {
  it('gives a definition without a schema its options as they are', async () => {
    const { definition, made } = showing();
    const host = await hostOf([definition]);
    const options = { a: 1 };
    await host.make(host.definition('discovery', 'showing'), options, 'job-a');
    expect(made[0]?.config).toBe(options);
    expect(made[0]?.context.instance).toBe('job-a');
  });

  it.each([
    ['at once', <T>(result: T): T | Promise<T> => result],
    ['later', <T>(result: T): T | Promise<T> => Promise.resolve(result)],
  ])('gives it what its schema makes of them, %s', async (_, when) => {
    const schema = schemaOf((value) => when({ value: { completed: value } }));
    const { definition, made } = showing(schema);
    const host = await hostOf([definition]);
    await host.make(definition, 7);
    expect(made[0]?.config).toEqual({ completed: 7 });
  });

  it('names every refused key, as a user would write it', async () => {
    const schema = schemaOf<never>(() => ({
      issues: [
        { message: 'too short', path: ['zones', 2, { key: 'name' }] },
        { message: 'is missing' },
      ],
    }));
    const { definition } = showing(schema);
    const host = await hostOf([definition]);
    await expect(host.make(definition, {})).rejects.toThrow(
      'TA_PLUGIN_OPTIONS: the options of discovery/showing are wrong: ' +
        'zones[2].name: too short; options: is missing',
    );
  });

  it('lists what there is when something unknown is asked for', async () => {
    const { definition } = showing();
    const host = await hostOf([definition]);
    expect(() => host.definition('discovery', 'consul')).toThrow(
      'TA_PLUGIN_UNKNOWN: no plugin provides discovery/consul; there are: showing',
    );
  });

  it('names the logger after the definition and what it is made for', async () => {
    const { definition, made } = showing();
    const host = await hostOf([definition]);
    await host.make(definition, {}, 'job-a');
    made[0]?.context.logger.info('here');
    expect(logger.lines.at(-1)?.logger).toBe('discovery.showing.job-a');
  });

  it('gives access to Kubernetes where there is some', async () => {
    const kubernetes = { informer: () => expect.fail('is not used') };
    const { definition, made } = showing();
    const host = await hostOf([definition], { proxies: {}, kubernetes });
    await host.make(definition, {});
    expect(made[0]?.context.kubernetes).toBe(kubernetes);
  });
});

describe('PluginRegistry', () => {
  const strategy = (name: string) =>
    defineStrategy({ name, stability: 'stable', create: () => ({ prepare: () => () => '' }) });

  it('refuses two providers of one thing and names both', () => {
    const plugins = ['one', 'two'].map((name) => ({
      plugin: definePlugin({ name, provides: [strategy('same')] }),
    }));
    expect(() => new PluginRegistry(plugins)).toThrow(
      'TA_PLUGIN_DUPLICATE: strategy/same is provided by one and by two; remove one of them',
    );
  });

  it('keeps one name of two kinds apart', () => {
    const registry = new PluginRegistry([
      {
        plugin: definePlugin({
          name: 'one',
          provides: [strategy('showing'), showing().definition],
        }),
      },
    ]);
    expect(registry.find('strategy', 'showing')?.kind).toBe('strategy');
    expect(registry.find('discovery', 'showing')?.kind).toBe('discovery');
    expect(registry.find('filter', 'showing')).toBeUndefined();
    expect(registry.names('strategy')).toEqual(['showing']);
  });
});
