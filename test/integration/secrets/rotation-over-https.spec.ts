import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Allocator } from '../../fixtures/allocator.js';
import { isClusterAvailable } from '../../fixtures/cluster/cluster.js';
import { freePort } from '../../fixtures/free-port.js';
import { rawRequest } from '../../fixtures/raw-request.js';
import {
  isOpensslAvailable,
  type IssuedCertificate,
  TestAuthority,
} from '../../fixtures/test-authority.js';
import { MonitoringCluster } from './monitoring-cluster.js';
import { scrapeConfigs, startMonitoring } from './served-resources.js';

/** What the issue promises of a rotated Secret, in milliseconds. */
const soon = { timeout: 10_000, interval: 100 };

// Fault row 40, as collectors see it.
describe.skipIf(!isClusterAvailable || !isOpensslAvailable)(
  'a rotated Secret of a custom resource over mTLS',
  () => {
    let authority: TestAuthority;
    let client: IssuedCertificate;
    let cluster: MonitoringCluster;
    let allocator: Allocator;
    let folder: string;
    let port: number;

    beforeAll(async () => {
      authority = await TestAuthority.create('first');
      client = await authority.issue({ name: 'collector' });
      cluster = await MonitoringCluster.start(['shop']);
      await cluster.grant('shop', 'secrets', ['get', 'list', 'watch']);
      await cluster.putSecret('shop', 'creds', { token: 'first-value' });
      const credentials = { name: 'creds', key: 'token' };
      await cluster.putMonitor('servicemonitors', 'shop', 'web', {
        selector: {},
        endpoints: [{ port: 'http', authorization: { credentials } }],
      });
      folder = await mkdtemp(join(tmpdir(), 'https-files-'));
      port = await freePort();
      allocator = await startMonitoring({
        kubeconfigPath: await cluster.kubeConfig(),
        secretNamespaces: ['shop'],
        revealsSecrets: false,
        https: await httpsSettings(),
      });
      await allocator.waitUntilReady();
    });
    afterAll(async () => {
      await allocator.stop();
      await cluster.stop();
      await authority.remove();
      await rm(folder, { recursive: true });
    });

    async function httpsSettings(): Promise<object> {
      const server = await authority.issue({ name: 'server', usage: 'serverAuth' });
      const files = { 'tls.crt': server.cert, 'tls.key': server.key, 'ca.crt': authority.own.cert };
      for (const [name, text] of Object.entries(files)) await writeFile(join(folder, name), text);
      return {
        enabled: true,
        listen_addr: `127.0.0.1:${String(port)}`,
        ca_file_path: join(folder, 'ca.crt'),
        tls_cert_file_path: join(folder, 'tls.crt'),
        tls_key_file_path: join(folder, 'tls.key'),
      };
    }

    async function overTls(headers: Readonly<Record<string, string>> = {}) {
      const tls = { cert: Buffer.from(client.cert), key: Buffer.from(client.key) };
      return rawRequest({ port, path: '/scrape_configs', headers, tls });
    }

    it('is served with its new value, to who asks for what is new, too, and never over plain HTTP', async () => {
      const serves = (value: string) => async () => (await overTls()).text.includes(value);
      await expect.poll(serves('first-value'), soon).toBe(true);
      for (const [former, value] of [
        ['first-value', 'second-value'],
        ['second-value', 'third-value'],
      ] as const) {
        const { etag = '' } = (await overTls()).headers;
        expect((await overTls({ 'if-none-match': etag })).status).toBe(304);
        await cluster.putSecret('shop', 'creds', { token: value });
        await expect.poll(serves(value), soon).toBe(true);
        expect((await overTls()).text).not.toContain(former);
        expect((await overTls({ 'if-none-match': etag })).status).toBe(200);
        const plain = await scrapeConfigs(allocator);
        expect(plain).toContain('<secret>');
        expect(plain).not.toContain(value);
      }
      expect(allocator.program.output).not.toMatch(/(first|second|third)-value/);
    });
  },
);
