import { Global, Module } from '@nestjs/common';
import { Test } from '@nestjs/testing';
import { afterEach, describe, expect, it } from 'vitest';
import { RecordingLogger, RecordingMeter } from '../../../test/fixtures/plugin-context.js';
import { decodeScrapeConfig, defaultGlobalConfig } from '../../core/scrape-config/index.js';
import {
  definePlugin,
  defineScrapeConfigSource,
  type ScrapeConfig,
  type WatcherOptions,
} from '../../plugin-api/index.js';
import type { AllocatorConfig, ConfigService } from '../config/index.js';
import { ReadinessRegistry } from '../health/index.js';
import type { KubernetesService } from '../kubernetes/index.js';
import { PluginHost, PluginRegistry, PluginsModule } from '../plugins/index.js';
import { CLOCK, LOGGER, METER } from '../telemetry/index.js';
import { FakeClock } from '../telemetry/testing/fake-clock.js';
import { ScrapeConfigStore } from './scrape-config-store.js';
import { WatcherSources } from './watcher-sources.js';
import { WatchersService } from './watchers.service.js';

const names = ['service-monitor', 'pod-monitor', 'probe', 'scrape-config'];

/** A watcher that runs, in the hands of the test. */
interface RunningWatcher {
  readonly name: string;
  readonly selector: unknown;
  readonly emit: (jobs: readonly string[]) => void;
  isStopped: boolean;
}

interface CustomResources {
  readonly enabled?: boolean;
  /** Of ServiceMonitors. */
  readonly team?: string;
  readonly denyFsAccessThroughSms?: boolean;
}

function configOf({ enabled = true, team = 'a', ...others }: CustomResources): AllocatorConfig {
  return {
    prometheus: { scrape_configs: [job('own')] },
    collectorNamespace: 'observability',
    startupTimeoutMs: 60_000,
    prometheusCr: {
      enabled,
      allowNamespaces: [],
      denyNamespaces: [],
      deniedDiscoveryNetworks: [],
      denyFsAccessThroughSms: others.denyFsAccessThroughSms ?? false,
      serviceMonitorSelector: { matchLabels: { team } },
      spec: {},
    },
  } as unknown as AllocatorConfig;
}

function job(name: string): ScrapeConfig {
  const options = { mechanisms: new Map(), origin: 'a test' };
  const { config } = decodeScrapeConfig({ job_name: name }, defaultGlobalConfig, options);
  if (config === undefined) throw new TypeError('a bad job');
  return config;
}

/** A configuration that a test changes. */
class ChangingConfig {
  readonly #listeners = new Set<(config: AllocatorConfig) => void>();
  constructor(public current: AllocatorConfig) {}

  onChange(listener: (config: AllocatorConfig) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  change(config: AllocatorConfig): void {
    this.current = config;
    for (const listener of this.#listeners) listener(config);
  }
}

describe('the watchers of custom resources', () => {
  const closing: (() => Promise<void>)[] = [];
  afterEach(async () => {
    for (const close of closing.splice(0)) await close();
  });

  async function start(initial: CustomResources = {}) {
    const logger = new RecordingLogger();
    const clock = new FakeClock();
    const running: RunningWatcher[] = [];
    const definitions = names.map((name) =>
      defineScrapeConfigSource<WatcherOptions>({
        name,
        stability: 'stable',
        create: ({ selection: { selector } }) => {
          if (selector?.matchLabels['team'] === 'refused') throw new TypeError('no such team');
          return { run: (emit, signal) => runUntil(signal, { name, selector, emit }) };
        },
      }),
    );
    const runUntil = (
      signal: AbortSignal,
      { emit, ...watcher }: { name: string; selector: unknown; emit: Emit },
    ): Promise<void> =>
      new Promise((resolve) => {
        const entry: RunningWatcher = {
          ...watcher,
          isStopped: false,
          emit: (jobs) => {
            emit(jobs.map(job));
          },
        };
        running.push(entry);
        signal.addEventListener('abort', () => {
          entry.isStopped = true;
          resolve();
        });
      });

    @Global()
    @Module({
      providers: [
        { provide: LOGGER, useValue: logger },
        { provide: METER, useValue: new RecordingMeter() },
        { provide: CLOCK, useValue: clock },
      ],
      exports: [LOGGER, METER, CLOCK],
    })
    class FakeTelemetryModule {}

    const plugin = definePlugin({ name: 'test', provides: definitions });
    const module = await Test.createTestingModule({
      imports: [
        FakeTelemetryModule,
        PluginsModule.forRoot({
          plugins: { installed: [{ plugin }], failed: [] },
          environment: { useValue: { proxies: {} } },
        }),
      ],
    }).compile();
    const changing = new ChangingConfig(configOf(initial));
    const config = changing as unknown as ConfigService;
    const store = new ScrapeConfigStore(config, new ReadinessRegistry(), logger, clock);
    const kubernetes = { kubeconfigFile: '' } as unknown as KubernetesService;
    const host = module.get(PluginHost);
    const sources = new WatcherSources(host, module.get(PluginRegistry), kubernetes);
    const service = new WatchersService(config, store, sources, logger);
    closing.push(async () => {
      await service.onModuleDestroy();
      store.onModuleDestroy();
      await module.close();
    });
    await service.onApplicationBootstrap();
    return {
      logger,
      service,
      running,
      /** The one of a name that was started last. */
      latest: (name: string) => running.findLast((watcher) => watcher.name === name),
      jobs: () => store.current && [...store.current.configs.keys()],
      change: async (to: CustomResources) => {
        changing.change(configOf(to));
        await clock.advance(0);
      },
    };
  }
  type Emit = (configs: readonly ScrapeConfig[]) => void;

  async function startWithJobs() {
    const started = await start();
    for (const watcher of started.running) watcher.emit([`of ${watcher.name}`]);
    return started;
  }
  const all = ['of pod-monitor', 'of probe', 'of scrape-config', 'of service-monitor', 'own'];

  it('are one for each kind, and their first lists are awaited', async () => {
    const { running, jobs } = await start();
    expect(running.map(({ name }) => name)).toEqual(names);
    for (const watcher of running) {
      expect(jobs()).toBeUndefined();
      watcher.emit([`of ${watcher.name}`]);
    }
    expect(jobs()).toEqual(all);
  });

  it('start anew where the selection has changed, whose jobs stay until the new one has answered', async () => {
    const { running, latest, jobs, change } = await startWithJobs();
    const former = latest('service-monitor');
    await change({ team: 'b' });
    expect(running).toHaveLength(5);
    expect(running.filter(({ isStopped }) => isStopped)).toEqual([former]);
    expect(latest('service-monitor')?.selector).toEqual({ matchLabels: { team: 'b' } });
    expect(jobs()).toEqual(all);
    former?.emit(['late']);
    expect(jobs()).toEqual(all);
    latest('service-monitor')?.emit(['other']);
    expect(jobs()).toEqual(['of pod-monitor', 'of probe', 'of scrape-config', 'other', 'own']);
  });

  it('all start anew when something changes that concerns all', async () => {
    const { running, jobs, change } = await startWithJobs();
    await change({ denyFsAccessThroughSms: true });
    expect(running.map(({ isStopped }) => isStopped)).toEqual(
      [true, true, true, true].concat(Array.from({ length: 4 }, () => false)),
    );
    expect(jobs()).toEqual(all);
  });

  it('go on when what changed does not concern them', async () => {
    const { running, change } = await startWithJobs();
    await change({});
    expect(running).toHaveLength(4);
    expect(running.some(({ isStopped }) => isStopped)).toBe(false);
  });

  it('end with their jobs when they are switched off, and come again', async () => {
    const { running, jobs, change } = await startWithJobs();
    await change({ enabled: false });
    expect(running.every(({ isStopped }) => isStopped)).toBe(true);
    expect(jobs()).toEqual(['own']);
    await change({});
    expect(running).toHaveLength(8);
    expect(jobs()).toEqual(['own']);
    running.at(-1)?.emit(['again']);
    expect(jobs()).toEqual(['again', 'own']);
  });

  it('stay as they are when a changed one cannot be made, which is told', async () => {
    const { logger, running, latest, jobs, change } = await startWithJobs();
    await change({ team: 'refused' });
    expect(running).toHaveLength(4);
    expect(running.some(({ isStopped }) => isStopped)).toBe(false);
    expect(jobs()).toEqual(all);
    expect(logger.lines.filter(({ level }) => level === 'error')).toMatchObject([
      { message: 'changed watchers of custom resources are refused, the former ones stay' },
    ]);
    latest('service-monitor')?.emit(['still heard']);
    expect(jobs()).toContain('still heard');
    await change({ team: 'b' });
    expect(latest('service-monitor')?.selector).toEqual({ matchLabels: { team: 'b' } });
  });

  it('end with the service', async () => {
    const { running, service } = await startWithJobs();
    await service.onModuleDestroy();
    expect(running.every(({ isStopped }) => isStopped)).toBe(true);
  });
});
