import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Allocator } from '../../fixtures/allocator.js';
import { isClusterAvailable } from '../../fixtures/cluster/cluster.js';
import { type LocalServer, serveHttp, serveRaw } from '../../fixtures/sd-server.js';
import { ForbiddenServer, forbiddenAddress, forbiddenTarget } from './forbidden-server.js';
import { jobsOf, MonitoringCluster, watchingConfig } from './monitoring-cluster.js';

const settled = { timeout: 60_000, interval: 200 };
const denied = { denied_discovery_networks: [`${forbiddenAddress}/32`, '169.254.0.0/16'] };
const own = { job_name: 'own', static_configs: [{ targets: ['a:1'] }] };

/** All of them the same address. */
const spellings: readonly string[] = [
  forbiddenAddress,
  '127.2',
  '2130706434',
  '0x7f000002',
  '0177.0.0.2',
  '127.0.0.2.',
  '[::ffff:127.0.0.2]',
  '[::ffff:7f00:2]',
];

// Fault row 33; names that change their addresses are in network-policy.spec.ts.
describe.skipIf(!isClusterAvailable)('discoveries that custom resources ask for', () => {
  let monitoring: MonitoringCluster;
  let allocator: Allocator;
  let forbidden: ForbiddenServer;
  let redirecting: LocalServer;
  let silent: Awaited<ReturnType<typeof serveRaw>>;
  /** The URL that leads where tenants may not go, by the name of the resource that has it. */
  let forbiddenUrls: ReadonlyMap<string, string>;

  const job = (name: string): string => `scrapeConfig/tenant/${name}`;

  async function discovering(name: string, lists: object): Promise<void> {
    await monitoring.create('scrapeconfigs', `tenant/${name}`, lists);
  }

  beforeAll(async () => {
    forbidden = await ForbiddenServer.start();
    redirecting = await serveHttp((request, response) => {
      const to = new URL(request.url ?? '', 'http://a').searchParams.get('to');
      if (to !== null) response.writeHead(302, { location: to }).end();
      else response.setHeader('content-type', 'application/json').end('[{"targets":["b:1"]}]');
    });
    silent = await serveRaw(() => undefined);
    const direct = spellings.map((host) => `http://${host}:${forbidden.port}/sd`);
    const redirected = [...direct, 'http://169.254.169.254/latest/meta-data'].map(
      (to) => `${redirecting.origin}/?to=${encodeURIComponent(to)}`,
    );
    const twice = `${redirecting.origin}/?to=${encodeURIComponent(redirected[0] ?? '')}`;
    forbiddenUrls = new Map(
      [...direct, ...redirected, twice].map((url, n) => [`inside-${String(n)}`, url]),
    );

    monitoring = await MonitoringCluster.start(['scrapeconfigs']);
    await monitoring.namespace('tenant');
    for (const [name, url] of forbiddenUrls) {
      await discovering(name, { httpSDConfigs: [{ url, refreshInterval: '1s' }] });
    }
    await discovering('proxied', {
      httpSDConfigs: [
        { url: redirecting.origin, proxyUrl: `http://${forbiddenAddress}:${forbidden.port}` },
      ],
    });
    await discovering('allowed', { httpSDConfigs: [{ url: redirecting.origin }] });
    await discovering('silent', { httpSDConfigs: [{ url: silent.origin, refreshInterval: '1h' }] });
    const apiServers = {
      'api-inside': `https://${forbiddenAddress}:${forbidden.port}`,
      'api-silent': `https://127.0.0.1:${String(silent.port)}`,
      'api-absent': 'https://127.0.0.1:1',
    };
    for (const [name, apiServer] of Object.entries(apiServers)) {
      await discovering(name, { kubernetesSDConfigs: [{ role: 'Pod', apiServer }] });
    }
    allocator = await monitoring.allocator(watchingConfig(denied, [own]), {
      flags: ['--startup-timeout', '5s'],
    });
  });
  afterAll(async () => {
    await allocator.stop();
    await monitoring.stop();
    await Promise.all([forbidden.stop(), redirecting.close(), silent.close()]);
  });

  const targetsOf = async (name: string): Promise<string> => {
    const path = `/jobs/${encodeURIComponent(name)}/targets?collector_id=c-0`;
    return (await allocator.get(path)).text;
  };

  it('hold up neither the readiness nor the targets of others when they lead nowhere', async () => {
    await allocator.waitUntilReady(30_000);
    expect(await targetsOf('own')).toContain('a:1');
    await expect.poll(() => targetsOf(job('allowed')), settled).toContain('b:1');
    expect(silent.connections()).toBeGreaterThan(0);
    const { text } = await allocator.get('/readyz?verbose');
    for (const name of ['silent', 'api-silent', 'api-absent']) {
      expect(text).toMatch(new RegExp(`\\[-\\] discovery/\\w+:${job(name)} awaited`));
    }
    expect(text).toMatch(/\nok\n$/);
  });

  it('reach no denied network, and each is told of, counted and shown', async () => {
    for (const name of [...forbiddenUrls.keys(), 'proxied']) {
      await allocator.program.waitForOutput(
        new RegExp(`[.]${job(name)}"[^\n]*in a network that custom resources may not reach`),
      );
    }
    const server = `https://${forbiddenAddress}:${forbidden.port}`;
    await allocator.program.waitForOutput(new RegExp(`${server}: TA_HTTP_DENIED`));
    const { text: metrics } = await allocator.get('/metrics');
    const { text: readiness } = await allocator.get('/readyz?verbose');
    expect(readiness).toContain(`[-] kubernetes/${server} awaited (TA_KUBE_CONNECTION`);
    for (const name of forbiddenUrls.keys()) {
      expect(metrics).toMatch(
        new RegExp(`prometheus_sd_refresh_failures_total{[^}]*${job(name)}[^}]*} [1-9]`),
      );
      expect(readiness).toContain(`[-] discovery/http:${job(name)} awaited`);
      expect(await targetsOf(job(name))).not.toContain(forbiddenTarget);
    }
    expect(await jobsOf(allocator)).toContain(job('inside-0'));
    expect(forbidden.connections).toBe(0);
  });

  it('reach it neither when the configuration file has the same one, which may', async () => {
    const url = forbiddenUrls.get('inside-0');
    const same = { job_name: 'same', http_sd_configs: [{ url, refresh_interval: '1s' }] };
    await allocator.writeConfig(watchingConfig(denied, [own, same]));
    await expect.poll(() => targetsOf('same'), settled).toContain(forbiddenTarget);
    expect(forbidden.connections).toBeGreaterThan(0);
    for (const name of forbiddenUrls.keys()) {
      expect(await targetsOf(job(name))).not.toContain(forbiddenTarget);
    }
  });
});
