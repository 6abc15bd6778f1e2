import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Allocator } from '../../fixtures/allocator.js';
import { isClusterAvailable } from '../../fixtures/cluster/cluster.js';
import { OpenWatches } from '../kubernetes-sd/open-watches.js';
import { changeMonitor, createMonitors, monitorKey } from './many-monitors.js';
import { configsOf, jobsOf, MonitoringCluster, watchingConfig } from './monitoring-cluster.js';

const count = 2_000;
const namespaces = 20;
const settled = { timeout: 60_000, interval: 500 };

describe.skipIf(!isClusterAvailable)('two thousand ServiceMonitors', () => {
  let monitoring: MonitoringCluster;
  let allocator: Allocator;
  let watches: OpenWatches;

  beforeAll(async () => {
    monitoring = await MonitoringCluster.start();
    await createMonitors(monitoring, count, namespaces);
    watches = await OpenWatches.since(monitoring.cluster);
    allocator = await monitoring.allocator(watchingConfig());
    const startMs = performance.now();
    await allocator.waitUntilReady(120_000);
    console.log(`ready after ${((performance.now() - startMs) / 1_000).toFixed(1)} s`);
  });
  afterAll(async () => {
    await allocator.stop();
    await monitoring.stop();
  });

  it('are all served, with one watch for each kind and what each namespace has', async () => {
    expect(await jobsOf(allocator)).toHaveLength(count);
    const inEachNamespace = ['endpointslices', 'pods', 'services'].map(
      (resource) => `${resource} ${String(namespaces)}`,
    );
    await expect
      .poll(() => watches.added(), settled)
      .toEqual(
        [
          ...['podmonitors 1', 'probes 1', 'scrapeconfigs 1', 'servicemonitors 1'],
          ...inEachNamespace,
        ].sort(),
      );
  });

  it('of which one changes leave the jobs of the others as they were, and open no watch', async () => {
    const before = await configsOf(allocator);
    const opened = await watches.added();
    const { seenMs, cpuMs } = await changeMonitor(monitoring, allocator, {
      key: monitorKey(7, namespaces),
      path: '/changed',
    });
    console.log(
      `a change was served after ${seenMs.toFixed(0)} ms, for ${String(cpuMs)} ms of CPU`,
    );
    const after = await configsOf(allocator);
    const changed = Object.keys(after).filter(
      (job) => JSON.stringify(after[job]) !== JSON.stringify(before[job]),
    );
    expect(changed).toEqual([`serviceMonitor/${monitorKey(7, namespaces)}/0`]);
    expect(await watches.added()).toEqual(opened);
  });
});
