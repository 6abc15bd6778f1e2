import { beforeEach, describe, expect, it } from 'vitest';
import { RecordingLogger, RecordingMeter } from '../../../test/fixtures/plugin-context.js';
import type { AllocatorConfig } from '../config/index.js';
import { ReadinessRegistry } from '../health/index.js';
import { ApiStatusError, type KubernetesService } from '../kubernetes/index.js';
import { FakeClock } from '../telemetry/testing/fake-clock.js';
import { AccessReports } from './access-reports.js';
import { AccessReviewService } from './access-review.service.js';
import { AccessReviewer } from './access-reviewer.js';
import { configOf } from './testing/rights-of.js';

const metric = 'opentelemetry_allocator_cluster_right_missing';
const reviewedMetric = 'opentelemetry_allocator_cluster_rights_reviewed';
const namespaces = Array.from({ length: 300 }, (_, n) => `n-${String(n)}`).join(', ');

interface Asked {
  readonly verb: string;
  readonly resource: string;
}

/** An API server that says which rights there are. */
class FakeReviews {
  readonly isConfigured = true;
  readonly ownNamespace = undefined;
  readonly asked: Asked[] = [];
  readonly denied = new Set<string>();
  failure: Error | undefined;
  gate: Promise<void> = Promise.resolve();

  async createObject(_query: unknown, object: unknown): Promise<unknown> {
    const { spec } = object as { readonly spec: { readonly resourceAttributes: Asked } };
    const { verb, resource } = spec.resourceAttributes;
    this.asked.push({ verb, resource });
    await this.gate;
    if (this.failure !== undefined) throw this.failure;
    return { status: { allowed: !this.denied.has(`${verb} ${resource}`) } };
  }
}

describe('the review of rights at start', () => {
  let server: FakeReviews;
  let clock: FakeClock;
  let logger: RecordingLogger;
  let meter: RecordingMeter;
  let readiness: ReadinessRegistry;
  let change: (config: AllocatorConfig) => void;

  async function start(entries: string): Promise<AccessReviewService> {
    const config = {
      current: await discovering(entries),
      onChange: (listener: () => void) => {
        change = (current) => {
          config.current = current;
          listener();
        };
        return () => undefined;
      },
    };
    const kubernetes = server as unknown as KubernetesService;
    const service = new AccessReviewService(
      config as never,
      new AccessReviewer(kubernetes),
      new AccessReports(readiness, logger, meter),
      clock,
    );
    service.onApplicationBootstrap();
    await clock.advance(0);
    return service;
  }
  function discovering(entries: string): Promise<AllocatorConfig> {
    return configOf(`
collector_source: {type: static, collectors: [{name: c-0}]}
config: {scrape_configs: [{job_name: shop, kubernetes_sd_configs: [${entries}]}]}`);
  }
  const detail = () => readiness.sources().map((source) => source.status())[0]?.detail;
  const lines = () => logger.lines.filter(({ message }) => message.includes('right'));

  beforeEach(() => {
    server = new FakeReviews();
    clock = new FakeClock();
    logger = new RecordingLogger();
    meter = new RecordingMeter();
    readiness = new ReadinessRegistry();
  });

  it('asks once when nothing is missing, and has nothing to say', async () => {
    await start('{role: pod}');
    expect(server.asked).toEqual([
      { verb: 'list', resource: 'pods' },
      { verb: 'watch', resource: 'pods' },
    ]);
    expect(lines()).toEqual([]);
    expect(detail()).toBe('1 of 1 are granted');
    await clock.advance(3_600_000);
    expect(server.asked).toHaveLength(2);
  });

  it('tells each missing right once, with what is lost, and again when it has come', async () => {
    server.denied.add('watch nodes').add('list services');
    await start('{role: service}, {role: node}');
    expect(lines().map(({ level, fields }) => [level, fields])).toEqual([
      [
        'warn',
        {
          right: 'watch nodes',
          loss: ['job "shop" finds no targets or does not follow them'],
          askedFor: 'config.scrape_configs["shop"].kubernetes_sd_configs[1].role',
        },
      ],
      ['warn', expect.objectContaining({ right: 'list services' })],
    ]);
    const labels = { verb: 'watch', resource: 'nodes', namespace: '', need: 'always' };
    expect(meter.series(metric)).toMatchObject({ [JSON.stringify(labels)]: 1 });
    expect(detail()).toMatch(/^0 of 2 are granted; missing: watch nodes \(job "shop" finds no/);
    expect(readiness.sources()[0]?.status().answered).toBe(true);

    server.denied.delete('watch nodes');
    await clock.advance(60_000);
    expect(lines().slice(2)).toMatchObject([{ level: 'info', fields: { right: 'watch nodes' } }]);
    await clock.advance(60_000);
    expect(lines()).toHaveLength(3);
  });

  it('holds up nothing while the server is silent', async () => {
    server.gate = new Promise(() => undefined);
    await start('{role: pod}');
    expect(readiness.sources()).toEqual([]);
    expect(meter.series(reviewedMetric)).toEqual({});
  });

  it('asks no more where the server does not review', async () => {
    server.failure = new ApiStatusError(403, 'Forbidden', 'no');
    await start('{role: pod}');
    const { length } = server.asked;
    await clock.advance(3_600_000);
    expect(server.asked).toHaveLength(length);
    expect(meter.series(reviewedMetric)).toEqual({ '{}': 0 });
    expect(lines()).toMatchObject([{ level: 'info', fields: { state: 'refused' } }]);
  });

  it('asks again when the server could not be reached', async () => {
    server.failure = new Error('refused');
    await start('{role: pod}');
    expect(detail()).toBe('not known: refused');
    server.failure = undefined;
    server.denied.add('list pods');
    await clock.advance(30_000);
    expect(lines().at(-1)).toMatchObject({ level: 'warn', fields: { right: 'list pods' } });
  });

  it('reviews a changed configuration', async () => {
    server.denied.add('list nodes');
    await start('{role: pod}');
    expect(lines()).toEqual([]);
    change(await discovering('{role: node}'));
    await clock.advance(0);
    expect(lines()).toMatchObject([{ level: 'warn', fields: { right: 'list nodes' } }]);
    change(
      await configOf(
        'collector_source: {type: static, collectors: [{name: c-0}]}\nconfig: {scrape_configs: [{job_name: a, static_configs: [{targets: ["h:1"]}]}]}',
      ),
    );
    await clock.advance(0);
    expect(readiness.sources()).toEqual([]);
    expect(meter.series(metric)).toEqual({});
  });

  it('asks for a bounded number of rights, and says how many it left out', async () => {
    await start(`{role: pod, namespaces: {names: [${namespaces}]}}`);
    expect(server.asked).toHaveLength(400);
    expect(detail()).toBe('200 of 300 are granted, 100 were not asked for');
  });

  it('ends with the module', async () => {
    server.denied.add('list pods');
    const service = await start('{role: pod}');
    service.onModuleDestroy();
    await clock.advance(600_000);
    expect(server.asked).toHaveLength(2);
    expect(clock.pendingTimers).toBe(0);
  });
});
