import { setTimeout as sleep } from 'node:timers/promises';
import type { Allocator } from '../test/fixtures/allocator.js';
import { isClusterAvailable } from '../test/fixtures/cluster/cluster.js';
import {
  changeMonitor,
  cpuOf,
  createMonitors,
  monitorKey,
  residentMiB,
} from '../test/integration/custom-resources/many-monitors.js';
import {
  MonitoringCluster,
  watchingConfig,
} from '../test/integration/custom-resources/monitoring-cluster.js';
import { benchOptions, numbers } from './measure/options.js';
import { ReportFile, type Figures } from './measure/report.js';
import { median } from './measure/statistics.js';

const namespaces = 20;
const unhurried = { changes: 9, unaskedChanges: 50 };
const hurried = { changes: 1, unaskedChanges: 1 };

/**
 * What custom resources cost on a real API server: the time until all of them are served, and the change of one.
 *
 *   npm run bench -- custom-resources [--monitors 2000,5000]
 */
export async function benchCustomResources(args: readonly string[]): Promise<void> {
  const options = benchOptions(args, ['monitors']);
  const counts = numbers(options.given.monitors, options.isQuick ? [20] : [2_000, 5_000]);
  if (!isClusterAvailable) {
    console.warn('custom-resources: left out, kube-apiserver and etcd are not there');
    return;
  }
  const file = await ReportFile.open('custom-resources', options);
  for (const monitors of counts) {
    const figures = await measure(monitors, options.isQuick ? hurried : unhurried);
    await file.add({ monitors, namespaces }, [figures]);
  }
  file.print();
}

async function measure(
  monitors: number,
  { changes, unaskedChanges }: typeof unhurried,
): Promise<Figures> {
  const monitoring = await MonitoringCluster.start();
  try {
    await createMonitors(monitoring, monitors, namespaces);
    const startMs = performance.now();
    const allocator = await monitoring.allocator(watchingConfig());
    try {
      await allocator.waitUntilReady(300_000);
      const readyMs = performance.now() - startMs;
      const readyCpuMs = await cpuOf(allocator);
      const unaskedCpuMs = await costUnasked(monitoring, allocator, {
        monitors,
        changes: unaskedChanges,
      });
      const costs = [];
      for (let n = 0; n < changes; n += 1) {
        const key = monitorKey((n * 7_919) % monitors, namespaces);
        costs.push(await changeMonitor(monitoring, allocator, { key, path: `/n${String(n)}` }));
      }
      const rssMiB = await residentMiB(allocator);
      return {
        ...{ readyMs, readyCpuMs, rssMiB, unaskedCpuMs },
        changeSeenMs: median(costs.map(({ seenMs }) => seenMs)),
        changeCpuMs: median(costs.map(({ cpuMs }) => cpuMs)),
      };
    } finally {
      await allocator.stop();
    }
  } finally {
    await monitoring.stop();
  }
}

/** The CPU time of a change while nobody asks for the jobs. Over many, as the kernel counts CPU time in hundredths of a second. */
async function costUnasked(
  monitoring: MonitoringCluster,
  allocator: Allocator,
  { monitors, changes }: { readonly monitors: number; readonly changes: number },
): Promise<number> {
  await sleep(2_000);
  const beforeMs = await cpuOf(allocator);
  for (let n = 0; n < changes; n += 1) {
    const key = monitorKey((n * 7_919) % monitors, namespaces);
    const endpoints = [{ port: 'http', path: `/unasked${String(n)}` }];
    await monitoring.patch('servicemonitors', key, { spec: { endpoints } });
    await sleep(200);
  }
  return ((await cpuOf(allocator)) - beforeMs) / changes;
}
