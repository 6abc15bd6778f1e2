import { describe, it, type TestContext } from 'vitest';
import { isClusterAvailable } from '../../fixtures/cluster/cluster.js';
import { ClusterRights } from '../kubernetes-sd/cluster-rights.js';
import {
  jobsOf,
  MonitoringCluster,
  podMonitor,
  serviceMonitor,
  watchingConfig,
} from './monitoring-cluster.js';

const settled = { timeout: 90_000, interval: 250 };
const staticJob = { job_name: 'static', static_configs: [{ targets: ['a:1'] }] };

/** A cluster with one ServiceMonitor, for as long as the test runs. */
async function monitoredShop({ onTestFinished }: TestContext): Promise<MonitoringCluster> {
  const monitoring = await MonitoringCluster.start(['servicemonitors']);
  onTestFinished(() => monitoring.stop());
  await monitoring.namespace('shop');
  await monitoring.create('servicemonitors', 'shop/web', serviceMonitor());
  return monitoring;
}

// Side by side: each waits for a cluster of its own. That is why each takes `expect` from its
// context: the shared one does not know, once another test has ended, in which it is polled.
describe.skipIf(!isClusterAvailable)(
  'kinds that cannot be had',
  { timeout: 240_000, concurrent: true },
  () => {
    // Fault row 16.
    it('are served once their definition is there, and end with it, without a restart', async (context) => {
      const { expect } = context;
      const monitoring = await monitoredShop(context);
      const allocator = await monitoring.allocator(watchingConfig({}, [staticJob]));
      context.onTestFinished(() => allocator.stop());
      await allocator.waitUntilReady();
      expect(await jobsOf(allocator)).toEqual(['serviceMonitor/shop/web/0', 'static']);
      expect(allocator.program.output).toContain(
        '0 of 0 PodMonitors: the cluster has no such kind',
      );

      await monitoring.define('podmonitors');
      await monitoring.create('podmonitors', 'shop/pods', podMonitor());
      await expect
        .poll(() => jobsOf(allocator), settled)
        .toEqual(['podMonitor/shop/pods/0', 'serviceMonitor/shop/web/0', 'static']);

      await monitoring.undefine('servicemonitors');
      await expect
        .poll(() => jobsOf(allocator), settled)
        .toEqual(['podMonitor/shop/pods/0', 'static']);
    });

    // Fault row 13.
    it('that must not be listed are awaited, and keep their jobs when the right is withdrawn', async (context) => {
      const { expect } = context;
      const monitoring = await monitoredShop(context);
      await monitoring.define('podmonitors');
      await monitoring.create('podmonitors', 'shop/pods', podMonitor());
      const rights = new ClusterRights(monitoring.cluster);
      for (const plural of ['servicemonitors', 'endpointslices', 'services', 'pods']) {
        await rights.grant(plural);
      }
      const allocator = await monitoring.allocator(watchingConfig({}, [staticJob]), {
        token: monitoring.cluster.userToken,
      });
      context.onTestFinished(() => allocator.stop());
      await allocator.waitUntilReady();
      expect(await jobsOf(allocator)).toEqual(['serviceMonitor/shop/web/0', 'static']);
      expect(allocator.program.output).toMatch(/0 of 0 PodMonitors: [^"]*podmonitors/);

      await rights.grant('podmonitors');
      await expect.poll(() => jobsOf(allocator), settled).toContain('podMonitor/shop/pods/0');

      const all = await jobsOf(allocator);
      await rights.revoke('servicemonitors');
      // A watch outlives the right that it was opened with; a new one is refused.
      await monitoring.cluster.killApiserver();
      await monitoring.cluster.startApiserver();
      await allocator.program.waitForOutput(
        /"kind":"ServiceMonitor"[^\n]*"state":"forbidden"/,
        60_000,
      );
      expect(await jobsOf(allocator)).toEqual(all);
    });

    it('leave nothing to serve, not even nothing, as long as the API server is away', async (context) => {
      const { expect } = context;
      const monitoring = await monitoredShop(context);
      await monitoring.cluster.killApiserver();
      const allocator = await monitoring.allocator(watchingConfig());
      context.onTestFinished(() => allocator.stop());
      await allocator.program.waitForOutput(/"msg":"serving"/);
      const answer = await allocator.get('/scrape_configs');
      expect(answer.status).toBe(503);
      expect(answer.headers['content-type']).toContain('text/plain');
      await monitoring.cluster.startApiserver();
      await expect.poll(() => jobsOf(allocator).catch(() => []), settled).toHaveLength(1);
    });
  },
);
