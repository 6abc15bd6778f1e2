import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Allocator } from '../../fixtures/allocator.js';
import { isClusterAvailable } from '../../fixtures/cluster/cluster.js';
import {
  jobsOf,
  MonitoringCluster,
  serviceMonitor,
  watchingConfig,
} from '../custom-resources/monitoring-cluster.js';
import { expectNoGrowth, footprintOf } from './footprint.js';
import { inspectable } from './inspector.js';

const namespace = 'passing';
/** So many ServiceMonitors are there at a time. */
const present = 12;
const warmUpCycles = 150;
const cycles = 500;
/** Events of rejections are written a while after these, and connections are let go. */
const calmMs = 6_000;
const settled = { timeout: 60_000, interval: 500 };

const keyOf = (n: number): string => `${namespace}/monitor-${String(n)}`;

/** In turn: one that is accepted, one that is rejected, and one whose Secret is not there. */
function endpointOf(n: number): object {
  const replacement = String(n);
  const secret = { name: `missing-${replacement}`, key: 'value' };
  const kinds = [
    { relabelings: [{ targetLabel: `label_${replacement}`, replacement }] },
    { relabelings: [{ sourceLabels: ['a'], regex: `(${replacement}` }] },
    { basicAuth: { username: secret, password: secret } },
  ];
  return kinds[n % kinds.length] ?? {};
}

describe.skipIf(!isClusterAvailable)('ServiceMonitors that come and go under new names', () => {
  let monitoring: MonitoringCluster;
  let allocator: Allocator;
  let last = 0;

  beforeAll(async () => {
    monitoring = await MonitoringCluster.start(['servicemonitors']);
    await monitoring.namespace(namespace);
    allocator = await monitoring.allocator(watchingConfig(), { env: inspectable });
    await allocator.waitUntilReady();
  });
  afterAll(async () => {
    await allocator.stop();
    await monitoring.stop();
  });

  async function pass(count: number): Promise<void> {
    for (const end = last + count; last < end; last++) {
      await monitoring.create('servicemonitors', keyOf(last), serviceMonitor(endpointOf(last)));
      if (last >= present) await monitoring.delete('servicemonitors', keyOf(last - present));
    }
    const accepted = Array.from({ length: present }, (_, i) => last - 1 - i)
      .filter((n) => n % 3 === 0)
      .map((n) => `serviceMonitor/${keyOf(n)}/0`);
    await expect.poll(() => jobsOf(allocator), settled).toEqual(accepted.sort());
    await sleep(calmMs);
  }

  async function listed(): Promise<number> {
    const { resources } = (await allocator.getJson('/api/v1/resources')) as { resources: object[] };
    return resources.length;
  }

  it('leave memory, watches, timers, metrics and lists where they were', async () => {
    await pass(warmUpCycles);
    expect(await listed()).toBe(present);
    const before = await footprintOf(allocator);
    await pass(cycles);
    expectNoGrowth(before, await footprintOf(allocator));
    expect(await listed()).toBe(present);
  });
});
