import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { Allocator } from '../../fixtures/allocator.js';
import { etcdDaemon } from '../../fixtures/cluster/control-plane.js';
import type { Daemon } from '../../fixtures/cluster/daemon.js';
import { freePorts } from '../../fixtures/cluster/free-ports.js';
import { eventually } from '../../fixtures/eventually.js';
import { realPart } from '../../fixtures/real-parts/real-parts.js';
import { ExamplePackage, placesOf } from './example-package.js';

const settled = { timeout: 60_000, interval: 100 };

/** An etcd of our own, spoken to as its users do. */
class Etcd {
  private constructor(
    readonly url: string,
    readonly folder: string,
    readonly daemon: Daemon,
  ) {}

  static async start(): Promise<Etcd> {
    const folder = await mkdtemp(join(tmpdir(), 'etcd-'));
    const [etcd = 0, etcdPeer = 0] = await freePorts(2);
    const daemon = etcdDaemon(folder, { api: 0, etcd, etcdPeer });
    const made = new Etcd(`http://127.0.0.1:${String(etcd)}`, folder, daemon);
    daemon.start();
    await made.waitUntilReady();
    return made;
  }

  async waitUntilReady(): Promise<void> {
    await eventually('etcd answers', () => this.call('kv/range', { key: base64('x') }));
  }

  async put(key: string, groups: unknown): Promise<void> {
    const value = typeof groups === 'string' ? groups : JSON.stringify(groups);
    await this.call('kv/put', { key: base64(key), value: base64(value) });
  }

  async delete(key: string): Promise<void> {
    await this.call('kv/deleterange', { key: base64(key) });
  }

  async call(method: string, body: object, token = ''): Promise<Record<string, unknown>> {
    const headers = { authorization: token };
    const request = { method: 'POST', body: JSON.stringify(body), headers };
    const answer = await fetch(`${this.url}/v3/${method}`, request);
    if (!answer.ok) throw new Error(`etcd ${method}: ${await answer.text()}`);
    return (await answer.json()) as Record<string, unknown>;
  }

  async stop(): Promise<void> {
    await this.daemon.kill();
    await rm(this.folder, { recursive: true });
  }
}
const base64 = (text: string): string => Buffer.from(text).toString('base64');

describe.skipIf(realPart('etcd') === undefined)('the example etcd, from its tarball', () => {
  let plugin: ExamplePackage;
  let etcd: Etcd;
  let allocator: Allocator | undefined;

  beforeAll(async () => {
    plugin = await ExamplePackage.install('discovery-etcd');
  });
  beforeEach(async () => {
    etcd = await Etcd.start();
  });
  afterEach(async () => {
    await allocator?.stop();
    allocator = undefined;
    await etcd.stop();
  });
  afterAll(() => plugin.remove());

  async function start(more: object = {}): Promise<Allocator> {
    const sd = { endpoints: [etcd.url], prefix: '/services/', ...more };
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
  const targetsOf = async (running: Allocator): Promise<readonly string[]> =>
    (await placesOf(running, 'services', ['c']))['c'] ?? [];

  it('is followed through puts, changes, bad values, deletions and a restart of etcd', async () => {
    await etcd.put('/services/shop', [{ targets: ['shop:1', 'shop:2'], labels: { team: 'shop' } }]);
    await etcd.put('/services/cart', '- targets: [cart:1]');
    await etcd.put('/servicesX', [{ targets: ['other:1'] }]);
    const running = await start();
    await running.waitUntilReady();
    expect(await targetsOf(running)).toEqual(['cart:1', 'shop:1', 'shop:2']);
    const served = (await running.get('/jobs/services/targets?collector_id=c')).text;
    expect(served).toContain('"__meta_etcd_key":"/services/shop"');
    expect(served).toContain('"team":"shop"');

    await etcd.put('/services/shop', [{ targets: ['shop:2'] }, { targets: ['shop:3'] }]);
    await expect.poll(() => targetsOf(running), settled).toEqual(['cart:1', 'shop:2', 'shop:3']);
    await etcd.put('/services/cart', '{"targets": "no list"');
    await running.program.waitForOutput(/a key has no target groups[^\n]*"\/services\/cart"/);
    await etcd.put('/services/new', [{ targets: ['new:1'] }]);
    await expect
      .poll(() => targetsOf(running), settled)
      .toEqual(['cart:1', 'new:1', 'shop:2', 'shop:3']);
    await etcd.delete('/services/shop');
    await expect.poll(() => targetsOf(running), settled).toEqual(['cart:1', 'new:1']);

    await etcd.daemon.kill();
    await running.program.waitForOutput(/etcd fails, the last target groups stay/);
    expect(await targetsOf(running)).toEqual(['cart:1', 'new:1']);
    etcd.daemon.start();
    await etcd.waitUntilReady();
    await etcd.put('/services/late', [{ targets: ['late:1'] }]);
    await etcd.delete('/services/new');
    await expect.poll(() => targetsOf(running), settled).toEqual(['cart:1', 'late:1']);
    expect(running.program.output).toContain('etcd answers again');
  });

  it('is read anew after a time without it, whatever it has compacted meanwhile', async () => {
    await etcd.put('/services/shop', [{ targets: ['shop:1'] }]);
    const running = await start();
    await running.waitUntilReady();
    await etcd.daemon.kill();
    await running.program.waitForOutput(/etcd fails, the last target groups stay/);
    etcd.daemon.start();
    await etcd.waitUntilReady();
    for (let n = 2; n < 20; n++) {
      await etcd.put('/services/shop', [{ targets: [`shop:${String(n)}`] }]);
    }
    const { header } = await etcd.call('kv/range', { key: base64('x') });
    const { revision } = header as { readonly revision: string };
    await etcd.call('kv/compaction', { revision, physical: true });
    await expect.poll(() => targetsOf(running), settled).toEqual(['shop:19']);
  });

  it('is asked with a user and a password', async () => {
    await etcd.put('/services/shop', [{ targets: ['shop:1'] }]);
    await etcd.call('auth/user/add', { name: 'root', password: 'secret' });
    await etcd.call('auth/user/grant', { user: 'root', role: 'root' }).catch(async () => {
      await etcd.call('auth/role/add', { name: 'root' });
      await etcd.call('auth/user/grant', { user: 'root', role: 'root' });
    });
    await etcd.call('auth/enable', {});
    const password = join(etcd.folder, 'password');
    await writeFile(password, 'wrong\n');
    const running = await start({ username: 'root', password_file: password });
    await running.program.waitForOutput(/etcd fails, the last target groups stay/);
    expect(running.program.output).not.toContain('wrong');
    await writeFile(password, 'secret\n');
    await running.waitUntilReady();
    await expect.poll(() => targetsOf(running), settled).toEqual(['shop:1']);
    const { token } = await etcd.call('auth/authenticate', { name: 'root', password: 'secret' });
    const value = base64('[{"targets": ["shop:2"]}]');
    await etcd.call('kv/put', { key: base64('/services/shop'), value }, String(token));
    await expect.poll(() => targetsOf(running), settled).toEqual(['shop:2']);
  });
});
