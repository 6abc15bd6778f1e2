import { DiscoveryManager } from '../../../src/modules/discovery/index.js';
import { ReadinessRegistry } from '../../../src/modules/health/index.js';
import { PluginContexts, PluginHost, PluginRegistry } from '../../../src/modules/plugins/index.js';
import { SystemClock } from '../../../src/modules/telemetry/index.js';
import type { ScrapeConfig, TargetGroup } from '../../../src/plugin-api/index.js';
import { discoveryPlugin } from '../../../src/plugins/discovery/index.js';
import { RecordingLogger, RecordingMeter } from '../../fixtures/plugin-context.js';

/** The discovery with its built-in mechanisms on the real clock, and what a consumer would hold of it. */
export class RunningDiscovery {
  readonly logger = new RecordingLogger();
  readonly meter = new RecordingMeter();
  readonly manager: DiscoveryManager;
  /** How many targets each emission left behind; a partial set would show here. */
  readonly counts: number[] = [];
  readonly #groups = new Map<string, Map<string, TargetGroup>>();
  readonly #jobs = new Map<string, readonly string[]>();

  constructor() {
    const contexts = new PluginContexts(this.logger, this.meter, new SystemClock(), {
      proxies: {},
    });
    const host = new PluginHost(new PluginRegistry([{ plugin: discoveryPlugin }]), contexts);
    this.manager = new DiscoveryManager(host, contexts, new ReadinessRegistry());
    this.manager.connect({
      setJobProviders: (jobs) => {
        for (const [job, providers] of jobs) {
          if (providers === undefined) this.#jobs.delete(job);
          else this.#jobs.set(job, providers);
        }
      },
      updateGroups: (provider, groups) => {
        const held = this.#groups.get(provider) ?? new Map<string, TargetGroup>();
        this.#groups.set(provider, held);
        for (const group of groups) {
          if (group.targets.length === 0) held.delete(group.source);
          else held.set(group.source, group);
        }
        this.counts.push([...held.values()].reduce((sum, { targets }) => sum + targets.length, 0));
      },
    });
  }

  apply(config: ScrapeConfig): void {
    this.manager.apply(new Map([[config.job_name, config]]));
  }

  /** Every target's address, sorted. */
  addresses(job: string): readonly (string | undefined)[] {
    return (this.#jobs.get(job) ?? [])
      .flatMap((provider) => [...(this.#groups.get(provider)?.values() ?? [])])
      .flatMap(({ targets }) => targets.map((target) => target['__address__']))
      .sort();
  }

  failures(): number {
    return this.meter.series('prometheus_sd_http_failures_total')['{}'] ?? 0;
  }

  stop(): Promise<void> {
    return this.manager.onModuleDestroy();
  }
}

/** A job as the configuration's decoder would give it. */
export function jobOf(job_name: string, discovery: Partial<ScrapeConfig>): ScrapeConfig {
  return {
    job_name,
    scrape_interval: '1m',
    scrape_timeout: '10s',
    metrics_path: '/metrics',
    scheme: 'http',
    follow_redirects: true,
    enable_http2: true,
    ...discovery,
  };
}
