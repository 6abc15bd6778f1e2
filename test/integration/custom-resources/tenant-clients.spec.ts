import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Allocator } from '../../fixtures/allocator.js';
import { isClusterAvailable } from '../../fixtures/cluster/cluster.js';
import {
  type LocalServer,
  type Proxy,
  serveHttp,
  serveProxy,
  serveTls,
  tlsText,
} from '../../fixtures/sd-server.js';
import { configsOf, jobsOf, MonitoringCluster, watchingConfig } from './monitoring-cluster.js';

const settled = { timeout: 30_000, interval: 200 };
const html = { accept: 'text/html' };
const token = 'consul-canary-f3a1';
const refreshInterval = '1h';

const job = (name: string): string => `scrapeConfig/tenant/${name}`;
const answer = '[{"targets":["b:1"]}]';

describe.skipIf(!isClusterAvailable)('what a custom resource says of its own connections', () => {
  let monitoring: MonitoringCluster;
  let allocator: Allocator;
  let server: LocalServer;
  let tlsServer: LocalServer;
  let proxy: Proxy;

  beforeAll(async () => {
    const listener: Parameters<typeof serveHttp>[0] = (_, response) => {
      response.setHeader('content-type', 'application/json').end(answer);
    };
    server = await serveHttp(listener);
    tlsServer = await serveTls(listener);
    proxy = await serveProxy();
    monitoring = await MonitoringCluster.start(['scrapeconfigs']);
    await monitoring.namespace('tenant');
    await monitoring.secret('tenant/files', {
      first: tlsText('first-ca.crt'),
      second: tlsText('second-ca.crt'),
      token,
      user: 'u',
    });
    const url = tlsServer.origin;
    const insecure = { insecureSkipVerify: true };
    const authority = (key: string) => ({ ca: { secret: { name: 'files', key } } });
    const tlsSettings: Readonly<Record<string, object>> = {
      plain: {},
      unverified: { tlsConfig: insecure },
      'own-authority': { tlsConfig: authority('first') },
      'other-authority': { tlsConfig: authority('second') },
      proxied: { tlsConfig: insecure, proxyUrl: proxy.origin },
    };
    for (const [name, settings] of Object.entries(tlsSettings)) {
      await create(name, { httpSDConfigs: [{ url, refreshInterval, ...settings }] });
    }
    const httpSDConfigs = [{ url: server.origin, refreshInterval }];
    await create('shared', { httpSDConfigs });
    await create('shared-otherwise-scraped', {
      httpSDConfigs,
      proxyUrl: proxy.origin,
      tlsConfig: { ...insecure, ...authority('first') },
    });
    const reference = { name: 'files', key: 'token' };
    await create('no-plugin', {
      consulSDConfigs: [{ server: 'consul:8500', tokenRef: reference }],
      basicAuth: { username: { name: 'files', key: 'user' }, password: reference },
    });
    const ofFile = [{ job_name: 'file', http_sd_configs: [{ url, refresh_interval: '1h' }] }];
    allocator = await monitoring.allocator(watchingConfig({}, ofFile), {
      flags: ['--startup-timeout', '5s', '--zap-log-level', 'debug'],
    });
    await allocator.waitUntilReady();
  });
  afterAll(async () => {
    await allocator.stop();
    await monitoring.stop();
    await Promise.all([server.close(), tlsServer.close(), proxy.close()]);
  });

  const create = (name: string, spec: object): Promise<void> =>
    monitoring.create('scrapeconfigs', `tenant/${name}`, spec);

  const targetsOf = async (name: string): Promise<string> => {
    const path = `/jobs/${encodeURIComponent(name)}/targets?collector_id=c-0`;
    return (await allocator.get(path)).text;
  };

  // Fault row 34.
  it('concerns its own discoveries only, of several that ask for the same', async () => {
    for (const name of ['unverified', 'own-authority', 'proxied']) {
      await expect.poll(() => targetsOf(job(name)), settled).toContain('b:1');
    }
    for (const name of [job('plain'), job('other-authority'), 'file']) {
      await allocator.program.waitForOutput(
        new RegExp(`[.]${name}"[^\n]*TA_HTTP_[^\n]*certificate`),
      );
      expect(await targetsOf(name)).not.toContain('b:1');
    }
    expect(tlsServer.requests).toHaveLength(3);
    expect(proxy.tunnels).toHaveLength(1);
  });

  it('concerns its own scrapes only, and divides no discovery that is the same', async () => {
    for (const name of ['shared', 'shared-otherwise-scraped']) {
      await expect.poll(() => targetsOf(job(name)), settled).toContain('b:1');
    }
    expect(server.requests).toHaveLength(1);
    expect(proxy.requests).toEqual([]);
  });

  it('is shown in the scrape config of its own job', async () => {
    const configs = await configsOf(allocator);
    const shownIn = (text: string): readonly string[] =>
      Object.entries(configs).flatMap(([name, config]) =>
        JSON.stringify(config).includes(text) ? [name] : [],
      );
    expect(shownIn(proxy.origin)).toEqual([job('proxied'), job('shared-otherwise-scraped')]);
    expect(shownIn('"insecure_skip_verify":true')).toEqual(
      ['proxied', 'shared-otherwise-scraped', 'unverified'].map(job),
    );
    expect(shownIn('BEGIN CERTIFICATE')).toEqual(
      ['other-authority', 'own-authority', 'shared-otherwise-scraped'].map(job),
    );
  });

  it('is served of a mechanism without a plugin, too, which is refused by name at its discovery', async () => {
    expect((await configsOf(allocator))[job('no-plugin')]).toMatchObject({
      basic_auth: { password: '<secret>' },
      consul_sd_configs: [{ server: 'consul:8500', token: '<secret>' }],
    });
    const { text: readiness } = await allocator.get('/readyz?verbose');
    expect(readiness).toMatch(
      new RegExp(
        `discovery/consul:${job('no-plugin')} ok \\(cannot be started: [^\n]*no plugin provides discovery/consul`,
      ),
    );
    const link = `/jobs/${encodeURIComponent(job('no-plugin'))}/targets`;
    const paths = ['/', '/scrape_configs', '/jobs', link, '/debug/jobs', '/debug/resources'];
    const texts = [
      readiness,
      allocator.program.output,
      (await allocator.get('/metrics')).text,
      (await allocator.get('/api/v1/resources')).text,
    ];
    for (const path of paths) {
      texts.push((await allocator.get(path)).text, (await allocator.get(path, html)).text);
    }
    expect(texts.some((text) => text.includes(token))).toBe(false);
    expect((await allocator.get('/scrape_configs', html)).text).toContain('consul:8500');
    expect((await allocator.get(`${link}?collector_id=c-0`)).text).toBe('[]');
    expect(await jobsOf(allocator)).toHaveLength(9);
  });
});
