import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Allocator } from '../../fixtures/allocator.js';
import { isClusterAvailable } from '../../fixtures/cluster/cluster.js';
import { Canaries } from './canary-resources.js';
import { MonitoringCluster } from './monitoring-cluster.js';
import { scrapeConfigs, startMonitoring, type ShownResource } from './served-resources.js';

const settled = { timeout: 30_000, interval: 300 };
const html = { accept: 'text/html' };

// Fault row 41.
describe.skipIf(!isClusterAvailable)('secrets of custom resources', () => {
  let canaries: Canaries;
  let server: Server;
  let cluster: MonitoringCluster;
  const running: Allocator[] = [];

  beforeAll(async () => {
    server = await startRefusingServer();
    canaries = new Canaries(`http://127.0.0.1:${String((server.address() as AddressInfo).port)}`);
    cluster = await MonitoringCluster.start(['shop']);
    await cluster.grant('shop', 'secrets', ['get', 'list', 'watch']);
    await cluster.grant('shop', 'events', ['create']);
    await cluster.putSecret('shop', 'canaries', canaries.values);
    for (const { plural, name, spec } of canaries.resources) {
      await cluster.putMonitor(plural, 'shop', name, spec);
    }
  });
  afterAll(async () => {
    for (const allocator of running) await allocator.stop();
    await cluster.stop();
    server.closeAllConnections();
    server.close();
  });

  /** Starts an allocator and waits until it has judged every resource. */
  async function start(revealsSecrets: boolean): Promise<Allocator> {
    const allocator = await startMonitoring({
      kubeconfigPath: await cluster.kubeConfig(),
      secretNamespaces: ['shop'],
      revealsSecrets,
    });
    running.push(allocator);
    await allocator.waitUntilReady();
    const unjudged = async () => {
      const states = await judged(allocator);
      return canaries.resources.filter(({ name }) => !states.has(name)).map(({ name }) => name);
    };
    await expect.poll(unjudged, settled).toEqual([]);
    return allocator;
  }

  async function judged(allocator: Allocator): Promise<ReadonlyMap<string, ShownResource>> {
    const { resources } = (await allocator.getJson('/api/v1/resources?limit=1000')) as {
      readonly resources: readonly ShownResource[];
    };
    const done = resources.filter(({ state }) => state !== 'pending');
    return new Map(done.map((resource) => [resource.name, resource]));
  }

  /** Everything that the process says to anybody but who may know the secrets. */
  async function outputs(allocator: Allocator): Promise<ReadonlyMap<string, string>> {
    const [job = ''] = [...(await judged(allocator)).values()].flatMap(({ jobs }) => jobs);
    const name = encodeURIComponent(job);
    const said = new Map<string, string>();
    const paths = [
      ...['/', '/debug/jobs', '/debug/targets', '/debug/scrape_configs', '/debug/resources'],
      ...[`/debug/job?job_id=${name}`, '/debug/collector?collector_id=c-0', '/jobs', '/metrics'],
      ...[`/jobs/${name}/targets`, `/jobs/${name}/targets?collector_id=c-0`, '/openapi.json'],
      ...['/api/v1/status', '/api/v1/targets', '/api/v1/resources?limit=1000', '/livez', '/readyz'],
      ...['/debug/job?job_id=canary', '/nothing', '/api/v1/resources?state=canary'],
    ];
    for (const path of paths) {
      said.set(path, (await allocator.get(path)).text);
      said.set(`${path} as a page`, (await allocator.get(path, html)).text);
    }
    for (const { name: resource } of canaries.resources) {
      said.set(resource, (await allocator.get(`/debug/resources?q=${resource}`)).text);
    }
    said.set('the page of scrape configs', (await allocator.get('/scrape_configs', html)).text);
    said.set('the log', allocator.program.output);
    said.set('events', JSON.stringify(await cluster.events('shop')));
    return said;
  }

  function leaksIn(said: ReadonlyMap<string, string>): readonly string[] {
    const needles = canaries.needles();
    return [...said].flatMap(([where, text]) =>
      needles.filter((needle) => text.includes(needle)).map((needle) => `${needle} in ${where}`),
    );
  }

  it('are a hundred and more, in resources that are accepted and in some that are rejected', async () => {
    expect(canaries.texts().length).toBeGreaterThan(100);
    const states = await judged(await start(false));
    const unexpected = canaries.resources.filter(({ name }) => {
      const wanted = name.startsWith('good-') ? 'accepted' : 'rejected';
      return states.get(name)?.state !== wanted;
    });
    expect(unexpected.map(({ name }) => [name, states.get(name)?.reasons])).toEqual([]);
  });

  it('are shown nowhere', async () => {
    const [allocator] = running;
    if (allocator === undefined) throw new Error('nothing runs');
    const written = async () =>
      (await cluster.events('shop')).filter(({ type }) => type === 'Warning').length;
    await expect.poll(written, settled).toBeGreaterThan(10);
    const said = await outputs(allocator);
    expect(said.get('the log')).toContain('"wrong-key"');
    expect(said.get('/api/v1/resources?limit=1000')).toContain('"wrong-key"');
    expect(leaksIn(said)).toEqual([]);
    const served = await scrapeConfigs(allocator);
    expect(served).toContain('<secret>');
    expect(leaksIn(new Map([['/scrape_configs', served]]))).toEqual([]);
  });

  it('are in /scrape_configs alone where plain HTTP may carry them, all of what is accepted', async () => {
    const allocator = await start(true);
    const served = await scrapeConfigs(allocator);
    const missing = canaries.texts().filter((text) => !served.includes(text));
    expect(missing).toEqual(canaries.rejected);
    expect(leaksIn(await outputs(allocator))).toEqual([]);
  });
});

/** Refuses all that it is asked, as an API server does, so that failures of discovery are logged as well. */
async function startRefusingServer(): Promise<Server> {
  const started = createServer((_, response) => {
    response.writeHead(403, { 'content-type': 'application/json' });
    response.end(JSON.stringify({ kind: 'Status', code: 403, reason: 'Forbidden', message: 'no' }));
  });
  await new Promise<void>((resolve) => started.listen(0, '127.0.0.1', resolve));
  return started;
}
