import { RecordingLogger, RecordingMeter } from '../../../../test/fixtures/plugin-context.js';
import {
  definePlugin,
  defineServiceDiscovery,
  labelSetOf,
  type ScrapeConfig,
  type TargetGroup,
} from '../../../plugin-api/index.js';
import { ReadinessRegistry } from '../../health/index.js';
import { PluginContexts, PluginHost, PluginRegistry } from '../../plugins/index.js';
import { FakeClock } from '../../telemetry/testing/fake-clock.js';
import { DiscoveryManager, type JobProviderChanges } from '../index.js';

class ScriptedFailure extends Error {}

/** A running instance of the scripted mechanism. */
export interface Instance {
  readonly config: unknown;
  readonly signal: AbortSignal;
  emit(...groups: TargetGroup[]): void;
  crash(message: string): void;
}

/** A group of addresses. */
export const group = (source: string, ...addresses: string[]): TargetGroup => ({
  source,
  labels: labelSetOf([]),
  targets: addresses.map((address) => labelSetOf([['__address__', address]])),
});
/** A job with these configurations of the mechanism `test`. */
export const job = (job_name: string, ...configs: unknown[]): ScrapeConfig => ({
  job_name,
  scrape_interval: '1m',
  scrape_timeout: '10s',
  metrics_path: '/metrics',
  scheme: 'http',
  follow_redirects: true,
  enable_http2: true,
  ...(configs.length === 0 ? {} : { test_sd_configs: configs }),
});

/** As the manager takes them. */
export const byName = (configs: readonly ScrapeConfig[]): ReadonlyMap<string, ScrapeConfig> =>
  new Map(configs.map((config) => [config.job_name, config]));

/** A manager with a mechanism `test` whose instances the test plays, and a sink that tells what it was told. */
export function start() {
  const clock = new FakeClock();
  const logger = new RecordingLogger();
  const meter = new RecordingMeter();
  const running: Instance[] = [];
  const definition = defineServiceDiscovery({
    name: 'test',
    stability: 'stable',
    create: (config: unknown) => {
      if (config === 'bad') throw new ScriptedFailure('no such kubeconfig');
      return {
        run: (emit, signal) =>
          new Promise<void>((resolve, reject) => {
            signal.addEventListener('abort', () => {
              resolve();
            });
            running.push({
              config,
              signal,
              emit: (...groups) => {
                emit(groups);
              },
              crash: (message) => {
                reject(new ScriptedFailure(message));
              },
            });
          }),
      };
    },
  });
  const contexts = new PluginContexts(logger, meter, clock, { proxies: {} });
  const registry = new PluginRegistry([
    { plugin: definePlugin({ name: 'test', provides: [definition] }) },
  ]);
  const readiness = new ReadinessRegistry();
  const manager = new DiscoveryManager(new PluginHost(registry, contexts), contexts, readiness);
  const sink = new ListingSink();
  manager.connect(sink);
  const apply = async (...configs: ScrapeConfig[]): Promise<void> => {
    manager.apply(byName(configs));
    await clock.advance(0);
  };
  /** The instance that runs with this configuration. */
  const of = (config: unknown): Instance => {
    const found = running.findLast((i) => i.config === config && !i.signal.aborted);
    if (found === undefined) throw new ScriptedFailure(`nothing runs with ${String(config)}`);
    return found;
  };
  return { clock, logger, meter, running, manager, sink, readiness, apply, of };
}

/** What a consumer would hold: groups by provider, of providers that jobs have. */
export class ListingSink {
  readonly told: string[] = [];
  readonly #groups = new Map<string, Map<string, TargetGroup>>();
  readonly #names = new Map<string, string>();
  readonly #jobs = new Map<string, readonly string[]>();

  setJobProviders(changes: JobProviderChanges): void {
    for (const [job, providers] of changes) {
      if (providers === undefined) this.#jobs.delete(job);
      else this.#jobs.set(job, providers);
    }
    const jobs = [...this.#jobs.keys()].map(
      (job) => `${job}:${(this.providersOf(job) ?? []).join('+')}`,
    );
    this.told.push(`jobs ${jobs.join(' ')}`);
  }

  updateGroups(provider: string, groups: readonly TargetGroup[]): void {
    const held = this.#groups.get(provider) ?? new Map<string, TargetGroup>();
    this.#groups.set(provider, held);
    for (const g of groups) {
      if (g.targets.length === 0) held.delete(g.source);
      else held.set(g.source, g);
    }
    this.told.push(`groups ${this.#nameOf(provider)} ${groups.map((g) => g.source).join(',')}`);
  }

  addresses(name: string): readonly (string | undefined)[] {
    return (this.#jobs.get(name) ?? [])
      .flatMap((key) => [...(this.#groups.get(key)?.values() ?? [])])
      .flatMap((g) => g.targets.map((target) => target['__address__']));
  }

  providersOf(name: string): readonly string[] | undefined {
    return this.#jobs.get(name)?.map((key) => this.#nameOf(key));
  }

  /** Keys are hashes; here they are called by their mechanism and the order in which they came up. */
  #nameOf(key: string): string {
    const mechanism = key.slice(0, key.indexOf('/'));
    const name = this.#names.get(key) ?? `${mechanism}/${String(this.#names.size)}`;
    this.#names.set(key, name);
    return name;
  }
}
