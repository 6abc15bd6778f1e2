import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Allocator } from '../../fixtures/allocator.js';
import { isClusterAvailable } from '../../fixtures/cluster/cluster.js';
import { MonitoringCluster } from './monitoring-cluster.js';
import { expectState, scrapeConfigs, startMonitoring } from './served-resources.js';

/** What the issue promises of a rotated Secret, in milliseconds. */
const soon = { timeout: 10_000, interval: 100 };
/** What is not watched is read again in this time. */
const withinTwoMinutes = { timeout: 120_000, interval: 500 };

const tokenOf = (name: string, key = 'token') => ({
  selector: {},
  endpoints: [{ port: 'http', authorization: { credentials: { name, key } } }],
});

// Fault row 40.
describe.skipIf(!isClusterAvailable)('Secrets of custom resources on a real API server', () => {
  let cluster: MonitoringCluster;
  let allocator: Allocator;

  beforeAll(async () => {
    cluster = await MonitoringCluster.start(['shop', 'unwatched', 'closed']);
    await cluster.grant('shop', 'secrets', ['get', 'list', 'watch']);
    await cluster.grant('shop', 'configmaps', ['get']);
    await cluster.grant('shop', 'events', ['create']);
    await cluster.grant('unwatched', 'secrets', ['get']);
    await cluster.putMonitor('servicemonitors', 'shop', 'plain', {
      selector: {},
      endpoints: [{ port: 'http' }],
    });
  });
  beforeEach(async () => {
    allocator = await startMonitoring({
      kubeconfigPath: await cluster.kubeConfig(),
      secretNamespaces: ['shop'],
      revealsSecrets: true,
    });
    await allocator.waitUntilReady();
  });
  afterEach(async () => {
    await allocator.stop();
  });
  afterAll(async () => {
    await cluster.stop();
  });

  const serves = (text: string) => async () => (await scrapeConfigs(allocator)).includes(text);
  const expectPlain = async () => {
    expect(await scrapeConfigs(allocator)).toContain('serviceMonitor/shop/plain/0');
  };

  it('serves a Secret that is made later, follows its values, and rejects what misses it', async () => {
    const uid = await cluster.putMonitor('servicemonitors', 'shop', 'later', tokenOf('late'));
    const absent = await expectState(allocator, 'later', 'rejected');
    expect(absent.reasons.join()).toContain('Secret shop/late does not exist');
    await expectPlain();

    await cluster.putSecret('shop', 'late', { token: 'first-value' });
    await expect.poll(serves('first-value'), soon).toBe(true);
    await cluster.putSecret('shop', 'late', { token: 'second-value' });
    await expect.poll(serves('second-value'), soon).toBe(true);
    expect(await scrapeConfigs(allocator)).not.toContain('first-value');

    await cluster.putSecret('shop', 'late', { other: 'third-value' });
    const keyless = await expectState(allocator, 'later', 'rejected');
    expect(keyless.reasons.join()).toContain('Secret shop/late has no key "token"');
    await cluster.putSecret('shop', 'late', { token: 'fourth-value' });
    await expect.poll(serves('fourth-value'), soon).toBe(true);

    await cluster.deleteSecret('shop', 'late');
    await expectState(allocator, 'later', 'rejected');
    await expectPlain();
    await expect
      .poll(
        async () =>
          (await cluster.events('shop')).find(({ involvedObject }) => involvedObject.uid === uid),
        soon,
      )
      .toMatchObject({ type: 'Warning', reason: 'InvalidConfiguration' });
  });

  it('serves a value of a million bytes', async () => {
    const large = 'x'.repeat(1_000_000);
    await cluster.putSecret('shop', 'large', { token: large });
    await cluster.putMonitor('servicemonitors', 'shop', 'large', tokenOf('large'));
    await expect.poll(serves(large), soon).toBe(true);
    await cluster.putSecret('shop', 'large', { token: 'small-again' });
    await expect.poll(serves('small-again'), soon).toBe(true);
  });

  it('says which right is lacking in a namespace, and uses it as soon as it is given', async () => {
    await cluster.putSecret('closed', 'creds', { token: 'closed-value' });
    await cluster.putMonitor('servicemonitors', 'closed', 'shut', tokenOf('creds'));
    const { reasons } = await expectState(allocator, 'shut', 'rejected');
    expect(reasons.join()).toContain('needed: verb get on secrets in namespace closed');
    await expectPlain();
    await expect
      .poll(() => allocator.program.output, soon)
      .toContain('verb create on events in namespace closed');
    await cluster.grant('closed', 'secrets', ['get']);
    await expect.poll(serves('closed-value'), withinTwoMinutes).toBe(true);
  });

  it('reads what it does not watch again', async () => {
    await cluster.putSecret('unwatched', 'creds', { token: 'unwatched-one' });
    await cluster.putConfigMap('shop', 'ids', { id: 'client-one' });
    await cluster.putSecret('shop', 'oauth', { secret: 'oauth-value' });
    await cluster.putMonitor('servicemonitors', 'unwatched', 'far', tokenOf('creds'));
    const oauth2 = {
      clientId: { configMap: { name: 'ids', key: 'id' } },
      clientSecret: { name: 'oauth', key: 'secret' },
      tokenUrl: 'https://issuer/token',
    };
    await cluster.putMonitor('servicemonitors', 'shop', 'oauth', {
      selector: {},
      endpoints: [{ port: 'http', oauth2 }],
    });
    await expect.poll(serves('unwatched-one'), soon).toBe(true);
    await expect.poll(serves('client-one'), soon).toBe(true);
    await cluster.putSecret('unwatched', 'creds', { token: 'unwatched-two' });
    await cluster.putConfigMap('shop', 'ids', { id: 'client-two' });
    await expect.poll(serves('unwatched-two'), withinTwoMinutes).toBe(true);
    await expect.poll(serves('client-two'), withinTwoMinutes).toBe(true);
  });

  it('keeps serving what it knows while the API server is away, and follows again after it', async () => {
    await cluster.putSecret('shop', 'steady', { token: 'before-the-outage' });
    await cluster.putMonitor('servicemonitors', 'shop', 'steady', tokenOf('steady'));
    await expect.poll(serves('before-the-outage'), soon).toBe(true);
    await cluster.cluster.killApiserver();
    const until = performance.now() + 8_000;
    while (performance.now() < until) {
      expect(await scrapeConfigs(allocator)).toContain('before-the-outage');
      expect((await expectState(allocator, 'steady', 'accepted')).reasons).toEqual([]);
    }
    await cluster.cluster.startApiserver();
    await cluster.putSecret('shop', 'steady', { token: 'after-the-outage' });
    // The first attempt after an outage may be half a minute away.
    await expect.poll(serves('after-the-outage'), withinTwoMinutes).toBe(true);
  });
});
