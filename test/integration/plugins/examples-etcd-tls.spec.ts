import { readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { request } from 'node:https';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { Allocator } from '../../fixtures/allocator.js';
import { Daemon } from '../../fixtures/cluster/daemon.js';
import { freePorts } from '../../fixtures/cluster/free-ports.js';
import { eventually } from '../../fixtures/eventually.js';
import { realPart } from '../../fixtures/real-parts/real-parts.js';
import { ExamplePackage, placesOf } from './example-package.js';

const settled = { timeout: 60_000, interval: 100 };
const tls = (name: string): string => resolve(import.meta.dirname, '../../fixtures/tls', name);
const credentials = {
  ca_file: tls('first-ca.crt'),
  cert_file: tls('client.crt'),
  key_file: tls('client.key'),
};
const etcd = realPart('etcd');

describe.skipIf(etcd === undefined)('an etcd that wants certificates', () => {
  let plugin: ExamplePackage;
  let daemon: Daemon;
  let folder: string;
  let url: string;
  let allocator: Allocator | undefined;

  beforeAll(async () => {
    plugin = await ExamplePackage.install('discovery-etcd');
    folder = await mkdtemp(join(tmpdir(), 'etcd-'));
    const [client = 0, peer = 0] = await freePorts(2);
    url = `https://127.0.0.1:${String(client)}`;
    const peerUrl = `http://127.0.0.1:${String(peer)}`;
    const flags = {
      'data-dir': join(folder, 'data'),
      'listen-client-urls': url,
      'advertise-client-urls': url,
      'listen-peer-urls': peerUrl,
      'initial-advertise-peer-urls': peerUrl,
      'initial-cluster': `default=${peerUrl}`,
      'cert-file': tls('server.crt'),
      'key-file': tls('server.key'),
      'trusted-ca-file': credentials.ca_file,
      'client-cert-auth': 'true',
      // What its own JSON gateway shows to its gRPC port.
      'client-cert-file': credentials.cert_file,
      'client-key-file': credentials.key_file,
      'unsafe-no-fsync': 'true',
    };
    const args = Object.entries(flags).map(([name, value]) => `--${name}=${value}`);
    daemon = new Daemon(etcd ?? 'etcd', args, join(folder, 'log'));
    daemon.start();
    await eventually('etcd takes a key', () => put('/services/shop', ['shop:1']));
  });
  afterEach(async () => {
    await allocator?.stop();
    allocator = undefined;
  });
  afterAll(async () => {
    await daemon.kill();
    await rm(folder, { recursive: true });
    await plugin.remove();
  });

  function put(key: string, targets: readonly string[]): Promise<true> {
    const base64 = (text: string): string => Buffer.from(text).toString('base64');
    const options = {
      method: 'POST',
      ca: readFileSync(credentials.ca_file),
      cert: readFileSync(credentials.cert_file),
      key: readFileSync(credentials.key_file),
    };
    return new Promise((fulfil, reject) => {
      const outgoing = request(`${url}/v3/kv/put`, options, (answer) => {
        answer.resume();
        if (answer.statusCode === 200) fulfil(true);
        else reject(new Error(`etcd answers with ${String(answer.statusCode)}`));
      });
      outgoing.on('error', reject);
      outgoing.end(
        JSON.stringify({ key: base64(key), value: base64(JSON.stringify([{ targets }])) }),
      );
    });
  }

  async function start(tlsConfig: object): Promise<Allocator> {
    const sd = { endpoints: [url], prefix: '/services/', tls_config: tlsConfig };
    allocator = await Allocator.start({
      config: {
        collector_namespace: 'ns',
        collector_source: { type: 'static', collectors: [{ name: 'c' }] },
        plugins: [{ package: plugin.name }],
        config: { scrape_configs: [{ job_name: 'services', etcd_sd_configs: [sd] }] },
      },
      flags: plugin.flags,
    });
    return allocator;
  }

  it('is watched with a client certificate', async () => {
    const running = await start(credentials);
    await running.waitUntilReady();
    await put('/services/cart', ['cart:1']);
    await expect
      .poll(() => placesOf(running, 'services', ['c']), settled)
      .toEqual({ c: ['cart:1', 'shop:1'] });
  });

  it.each([
    ['without a client certificate', { ca_file: credentials.ca_file }],
    ['without its authority', {}],
  ])('is not believed, or does not answer, %s', async (_what, tlsConfig) => {
    const running = await start(tlsConfig);
    await running.program.waitForOutput(/etcd fails, the last target groups stay[^\n]*ETCD_FAILED/);
    await expect(running.getJson('/jobs/services/targets?collector_id=c')).rejects.toThrow();
  });
});
