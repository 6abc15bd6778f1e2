import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Allocator } from '../../fixtures/allocator.js';
import { isClusterAvailable } from '../../fixtures/cluster/cluster.js';
import { eventually } from '../../fixtures/eventually.js';
import { isLongRun } from '../../fixtures/long-run.js';
import { createMonitorsOver, peakResidentMiB } from './many-monitors.js';
import { jobsOf, MonitoringCluster, serviceMonitor, watchingConfig } from './monitoring-cluster.js';

/** Row 39 of the faults; the short form shows the shape, the long one the promised figures. */
const flood = isLongRun
  ? { count: 10_000, durationMs: 60_000 }
  : { count: 1_000, durationMs: 4_000 };
const allSeen = { timeoutMs: isLongRun ? 120_000 : 60_000, everyMs: 1_000 };
const promised = { seenMs: 5_000, rssMiB: 1_229 };

/** Another tenant's monitor gets one endpoint more again and again, as long as the flood lasts. */
class OtherTenant {
  #endpoints = 1;
  readonly seenMs: number[] = [];

  constructor(
    private readonly monitoring: MonitoringCluster,
    private readonly allocator: Allocator,
  ) {}

  async changeUntil(end: AbortSignal): Promise<void> {
    while (!end.aborted) {
      await this.change();
      await sleep(500);
    }
  }

  async change(): Promise<void> {
    const job = `serviceMonitor/quiet/own/${String(this.#endpoints)}`;
    this.#endpoints += 1;
    const endpoints = Array.from({ length: this.#endpoints }, () => ({ port: 'http' }));
    await this.monitoring.patch('servicemonitors', 'quiet/own', { spec: { endpoints } });
    const startMs = performance.now();
    await eventually(`${job} is served`, () => this.#isServed(job), { timeoutMs: 60_000 });
    this.seenMs.push(performance.now() - startMs);
  }

  /** Its jobs are the only ones with targets. */
  async #isServed(job: string): Promise<true | undefined> {
    const jobs = (await this.allocator.getJson('/jobs')) as object;
    return Object.hasOwn(jobs, job) || undefined;
  }
}

async function createService(monitoring: MonitoringCluster, namespace: string): Promise<void> {
  const { cluster } = monitoring;
  const ports = [{ name: 'http', port: 80 }];
  const metadata = { name: 'web', labels: { 'kubernetes.io/service-name': 'web' } };
  await cluster.api('POST', `/api/v1/namespaces/${namespace}/services`, {
    metadata,
    spec: { ports },
  });
  await cluster.api('POST', `/apis/discovery.k8s.io/v1/namespaces/${namespace}/endpointslices`, {
    metadata,
    addressType: 'IPv4',
    endpoints: [{ addresses: ['10.0.0.1'], conditions: { ready: true } }],
    ports,
  });
}

describe.skipIf(!isClusterAvailable)('a tenant that creates ServiceMonitors without end', () => {
  let monitoring: MonitoringCluster;
  let allocator: Allocator;

  beforeAll(async () => {
    monitoring = await MonitoringCluster.start();
    for (const namespace of ['noisy', 'quiet']) await monitoring.namespace(namespace);
    await createService(monitoring, 'quiet');
    await monitoring.create('servicemonitors', 'quiet/own', serviceMonitor());
    allocator = await monitoring.allocator(watchingConfig());
    await allocator.waitUntilReady();
  });
  afterAll(async () => {
    await allocator.stop();
    await monitoring.stop();
  });

  it('does not keep the changes of others from being served', async () => {
    const other = new OtherTenant(monitoring, allocator);
    const end = new AbortController();
    const [slowest] = await Promise.all([
      other.changeUntil(end.signal).then(() => Math.max(...other.seenMs)),
      createMonitorsOver(monitoring, 'noisy', flood).finally(() => {
        end.abort();
      }),
    ]);
    expect(other.seenMs.length).toBeGreaterThan(1);
    await eventually(
      'all monitors are served',
      async () => {
        const noisy = (await jobsOf(allocator)).filter((job) => job.includes('/noisy/'));
        return noisy.length === flood.count || undefined;
      },
      allSeen,
    );
    const rssMiB = await peakResidentMiB(allocator);
    console.log(
      `${String(other.seenMs.length)} changes of another tenant, the slowest seen after ${slowest.toFixed(0)} ms; at most ${String(rssMiB)} MiB`,
    );
    expect(rssMiB).toBeLessThanOrEqual(promised.rssMiB);
    if (isLongRun) expect(slowest).toBeLessThanOrEqual(promised.seenMs);
  });
});
