import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { Allocator } from '../../fixtures/allocator.js';
import { isClusterAvailable } from '../../fixtures/cluster/cluster.js';
import {
  configsOf,
  jobsOf,
  MonitoringCluster,
  podMonitor,
  serviceMonitor,
  watchingConfig,
} from './monitoring-cluster.js';

const settled = { timeout: 60_000, interval: 200 };

describe.skipIf(!isClusterAvailable)('custom resources of a real API server', () => {
  let monitoring: MonitoringCluster;
  let allocator: Allocator | undefined;

  beforeAll(async () => {
    monitoring = await MonitoringCluster.start();
    await monitoring.namespace('shop', { tier: 'gold' });
    await monitoring.namespace('play', { tier: 'tin' });
    await monitoring.create('servicemonitors', 'shop/web', serviceMonitor(), { team: 'a' });
    await monitoring.create('servicemonitors', 'play/web', serviceMonitor(), { team: 'b' });
    await monitoring.create('podmonitors', 'shop/pods', podMonitor());
  });
  afterEach(async () => {
    await allocator?.stop();
  });
  afterAll(async () => {
    await monitoring.stop();
  });

  async function start(prometheusCr: object): Promise<Allocator> {
    allocator = await monitoring.allocator(watchingConfig(prometheusCr));
    await allocator.waitUntilReady();
    return allocator;
  }

  it('are selected by the labels of their namespace, as these change', async () => {
    const started = await start({
      service_monitor_namespace_selector: { matchLabels: { tier: 'gold' } },
    });
    expect(await jobsOf(started)).toEqual(['podMonitor/shop/pods/0', 'serviceMonitor/shop/web/0']);
    await monitoring.labelNamespace('play', { tier: 'gold' });
    await expect.poll(() => jobsOf(started), settled).toContain('serviceMonitor/play/web/0');
    await monitoring.labelNamespace('play', { tier: 'tin' });
    await expect.poll(() => jobsOf(started), settled).not.toContain('serviceMonitor/play/web/0');
    expect(await jobsOf(started)).toContain('serviceMonitor/shop/web/0');
  });

  it('are selected by their own labels, and a kind without a selector has none', async () => {
    const started = await start({
      service_monitor_selector: {
        matchExpressions: [{ key: 'team', operator: 'In', values: ['b'] }],
      },
      pod_monitor_selector: null,
    });
    expect(await jobsOf(started)).toEqual(['serviceMonitor/play/web/0']);
    expect(started.program.output).toContain('1 of 2 ServiceMonitors are selected');
    expect(started.program.output).toContain('0 of 1 PodMonitors: selector is null');
  });

  it.each([
    [{ allow_namespaces: ['play'] }, ['serviceMonitor/play/web/0']],
    [{ deny_namespaces: ['shop'] }, ['serviceMonitor/play/web/0']],
    [{ service_monitor_selector: null, pod_monitor_selector: null }, []],
  ])('are only those of %j', async (selection, expected) => {
    expect(await jobsOf(await start(selection))).toEqual(expected);
  });

  it('need rights in the allowed namespace only', async () => {
    const { cluster } = monitoring;
    const rbac = '/apis/rbac.authorization.k8s.io/v1/namespaces/play';
    await cluster.api('POST', `${rbac}/roles`, {
      metadata: { name: 'watcher' },
      rules: [
        { apiGroups: ['monitoring.coreos.com'], resources: ['*'], verbs: ['list', 'watch'] },
        { apiGroups: ['', 'discovery.k8s.io'], resources: ['*'], verbs: ['list', 'watch'] },
      ],
    });
    await cluster.api('POST', `${rbac}/rolebindings`, {
      metadata: { name: 'watcher' },
      roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'Role', name: 'watcher' },
      subjects: [{ apiGroup: 'rbac.authorization.k8s.io', kind: 'User', name: cluster.userName }],
    });
    allocator = await monitoring.allocator(watchingConfig({ allow_namespaces: ['play'] }), {
      token: cluster.userToken,
    });
    await allocator.waitUntilReady();
    expect(await jobsOf(allocator)).toEqual(['serviceMonitor/play/web/0']);
  });

  it('follow what they refer to, and keep their last good version for a while when it is gone', async () => {
    const basicAuth = {
      username: { name: 'creds', key: 'user' },
      password: { name: 'creds', key: 'pass' },
    };
    await monitoring.secret('shop/creds', { user: 'first', pass: 'x' });
    await monitoring.create('servicemonitors', 'shop/secret', serviceMonitor({ basicAuth }));
    const started = await start({ secret_namespaces: ['shop'] });
    const job = 'serviceMonitor/shop/secret/0';
    const user = async (): Promise<unknown> => {
      const config = (await configsOf(started))[job] as
        { basic_auth: { username: string } } | undefined;
      return config?.basic_auth.username;
    };
    expect(await user()).toBe('first');
    await monitoring.secret('shop/creds', { user: 'second' });
    await expect.poll(user, settled).toBe('second');
    await monitoring.deleteSecret('shop/creds');
    await started.program.waitForOutput(/is rejected, its last good version stays/);
    expect(await user()).toBe('second');
    await expect.poll(() => jobsOf(started), settled).not.toContain(job);
    await monitoring.secret('shop/creds', { user: 'third', pass: 'x' });
    await expect.poll(async () => (await jobsOf(started)).includes(job), settled).toBe(true);
    await monitoring.delete('servicemonitors', 'shop/secret');
    await expect.poll(() => jobsOf(started), settled).not.toContain(job);
  });

  it('are watched otherwise after the configuration has changed, and not at all when they are switched off', async () => {
    const started = await start({ service_monitor_selector: { matchLabels: { team: 'a' } } });
    expect(await jobsOf(started)).toContain('serviceMonitor/shop/web/0');
    await started.writeConfig(
      watchingConfig({ service_monitor_selector: { matchLabels: { team: 'b' } } }),
    );
    await expect
      .poll(() => jobsOf(started), settled)
      .toEqual(['podMonitor/shop/pods/0', 'serviceMonitor/play/web/0']);
    await started.writeConfig(
      watchingConfig({ enabled: false }, [
        { job_name: 'own', static_configs: [{ targets: ['a:1'] }] },
      ]),
    );
    await expect.poll(() => jobsOf(started), settled).toEqual(['own']);
  });
});
