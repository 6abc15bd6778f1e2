import { describe, expect, it } from 'vitest';
import { RecordingLogger } from '../../../test/fixtures/plugin-context.js';
import { decodeScrapeConfig, defaultGlobalConfig } from '../../core/scrape-config/index.js';
import type { ScrapeConfig } from '../../plugin-api/index.js';
import type { AllocatorConfig, ConfigService } from '../config/index.js';
import { ReadinessRegistry } from '../health/index.js';
import { FakeClock } from '../telemetry/testing/fake-clock.js';
import { ScrapeConfigStore } from './scrape-config-store.js';

const watchers = ['service-monitor', 'pod-monitor', 'probe', 'scrape-config'];

function job(name: string): ScrapeConfig {
  const { config } = decodeScrapeConfig({ job_name: name }, defaultGlobalConfig, {
    mechanisms: new Map(),
    origin: 'a test',
  });
  if (config === undefined) throw new TypeError('a bad job');
  return config;
}

function storeOf(enabled: boolean, jobs: readonly string[]) {
  const current = {
    prometheus: { scrape_configs: jobs.map(job) },
    prometheusCr: { enabled, deniedDiscoveryNetworks: [] },
    startupTimeoutMs: 60_000,
  } as unknown as AllocatorConfig;
  const config = { current, onChange: () => () => undefined } as unknown as ConfigService;
  const readiness = new ReadinessRegistry();
  const clock = new FakeClock();
  const store = new ScrapeConfigStore(config, readiness, new RecordingLogger(), clock);
  const names = (): readonly string[] | undefined =>
    store.current && [...store.current.configs.keys()];
  return { store, clock, readiness, names };
}

describe('the jobs of all sources', () => {
  it('are those of the file at once where no custom resource is watched', () => {
    expect(storeOf(false, ['own']).names()).toEqual(['own']);
  });

  it('are not known until every kind of custom resources has answered', () => {
    const { store, readiness, names } = storeOf(true, ['own']);
    for (const name of watchers) {
      expect(names()).toBeUndefined();
      store.set(name, name === 'probe' ? [job('made')] : []);
    }
    expect(names()).toEqual(['made', 'own']);
    expect(readiness.sources().every((source) => source.status().answered)).toBe(true);
  });

  it('become unknown again when a watcher of a plugin is announced before anyone looks', () => {
    const { store, names } = storeOf(false, ['own']);
    store.expect('blackbox-check');
    expect(names()).toBeUndefined();
    store.set('blackbox-check', [job('made')]);
    expect(names()).toEqual(['made', 'own']);
  });

  it('stay known to those who were told of them when a source comes later', () => {
    const { store, names } = storeOf(false, ['own']);
    store.onChange(() => undefined);
    store.expect('blackbox-check');
    expect(names()).toEqual(['own']);
  });

  it('are those that are known when the start-up bound is over', async () => {
    const { clock, names } = storeOf(true, ['own']);
    await clock.advance(59_999);
    expect(names()).toBeUndefined();
    await clock.advance(1);
    expect(names()).toEqual(['own']);
  });

  it('are never none for want of an answer, not even then', async () => {
    const { store, clock, names } = storeOf(true, []);
    await clock.advance(120_000);
    expect(names()).toBeUndefined();
    for (const name of watchers) store.set(name, []);
    expect(names()).toEqual([]);
  });

  it('end with their source', () => {
    const { store, names } = storeOf(true, ['own']);
    for (const name of watchers) store.set(name, [job(name)]);
    expect(names()).toHaveLength(5);
    for (const name of watchers) store.remove(name);
    expect(names()).toEqual(['own']);
  });

  it('stay the same objects when another one changes', () => {
    const { store } = storeOf(true, ['own']);
    for (const name of watchers) store.set(name, [job(name)]);
    const before = store.current?.configs;
    store.set('probe', [job('probe'), job('more')]);
    const after = store.current?.configs;
    expect(after?.get('service-monitor')).toBe(before?.get('service-monitor'));
    expect(after?.has('more')).toBe(true);
  });
});
