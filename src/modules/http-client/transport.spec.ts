import { copyFileSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { TLSSocket } from 'node:tls';
import { afterEach, describe, expect, it } from 'vitest';
import {
  serveHttp,
  serveHttp2,
  serveProxy,
  serveRaw,
  serveTls,
  serveTlsFront,
  tlsFile,
  tlsText,
} from '../../../test/fixtures/sd-server.js';
import { FakeClock } from '../telemetry/testing/fake-clock.js';
import {
  Secret,
  type HttpClient,
  type HttpClientConfig,
  type TlsConfig,
} from '../../plugin-api/index.js';
import { createHttpClient, type ProxyEnvironment } from './index.js';

const limits = { signal: new AbortController().signal, maxBodyBytes: 1_000_000 };
const toClose: { close(): Promise<void> }[] = [];
const folders: string[] = [];
const open = async <T extends { close(): Promise<void> }>(thing: Promise<T>): Promise<T> => {
  const opened = await thing;
  toClose.push(opened);
  return opened;
};
const client = (config: Partial<HttpClientConfig>, proxies: ProxyEnvironment = {}): HttpClient => {
  const made = createHttpClient(
    { follow_redirects: true, enable_http2: false, ...config },
    { clock: new FakeClock(), proxies },
  );
  toClose.push(made);
  return made;
};
const tls = (config: Partial<TlsConfig>): Partial<HttpClientConfig> => ({
  tls_config: { insecure_skip_verify: false, ...config },
});
const ask = async (
  config: Partial<HttpClientConfig>,
  url: string,
  proxies?: ProxyEnvironment,
): Promise<string> =>
  Buffer.from((await client(config, proxies).request(url, limits)).body).toString();

afterEach(async () => {
  for (const thing of toClose.splice(0).reverse()) await thing.close();
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true });
});

describe('TLS', () => {
  const hello = () => open(serveTls((_, response) => response.end('hello')));

  it('trusts the configured authority, as text or as file, and no other', async () => {
    const { origin } = await hello();
    expect(await ask(tls({ ca: tlsText('first-ca.crt') }), origin)).toBe('hello');
    expect(await ask(tls({ ca_file: tlsFile('first-ca.crt') }), origin)).toBe('hello');
    for (const config of [{}, tls({ ca_file: tlsFile('second-ca.crt') })]) {
      await expect(ask(config, origin)).rejects.toMatchObject({ code: 'TA_HTTP_FAILED' });
    }
  });

  it('trusts anyone with insecure_skip_verify', async () => {
    const { origin } = await hello();
    expect(await ask(tls({ insecure_skip_verify: true }), origin)).toBe('hello');
  });

  it('checks the certificate for server_name instead of the host', async () => {
    const { origin } = await hello();
    const ca = tlsText('first-ca.crt');
    expect(await ask(tls({ ca, server_name: 'sd.test' }), origin)).toBe('hello');
    expect(await ask(tls({ ca, server_name: '127.0.0.1' }), origin)).toBe('hello');
    for (const server_name of ['other.test', '127.0.0.2']) {
      await expect(ask(tls({ ca, server_name }), origin)).rejects.toThrow(/does not match/);
    }
  });

  it('shows its own certificate', async () => {
    const server = await open(
      serveTls(
        ({ socket }, response) => {
          response.end(socket instanceof TLSSocket ? socket.getPeerCertificate().subject.CN : '');
        },
        { requestCert: true, rejectUnauthorized: true, ca: tlsText('first-ca.crt') },
      ),
    );
    const ca = tlsText('first-ca.crt');
    const files = { cert_file: tlsFile('client.crt'), key_file: tlsFile('client.key') };
    expect(await ask(tls({ ca, ...files }), server.origin)).toBe('client');
    const texts = { cert: tlsText('client.crt'), key: new Secret(tlsText('client.key')) };
    expect(await ask(tls({ ca, ...texts }), server.origin)).toBe('client');
    await expect(ask(tls({ ca }), server.origin)).rejects.toMatchObject({ code: 'TA_HTTP_FAILED' });
  });

  it('uses a replaced CA file with the next request', async () => {
    const first = await hello();
    const second = await open(
      serveTls((_, response) => response.end('second'), {
        cert: tlsText('second-server.crt'),
        key: tlsText('second-server.key'),
      }),
    );
    const folder = mkdtempSync(join(tmpdir(), 'transport-'));
    folders.push(folder);
    const ca_file = join(folder, 'ca.crt');
    copyFileSync(tlsFile('first-ca.crt'), ca_file);
    const asking = client(tls({ ca_file }));
    await asking.request(first.origin, limits);
    await expect(asking.request(second.origin, limits)).rejects.toThrow();
    copyFileSync(tlsFile('second-ca.crt'), ca_file);
    expect((await asking.request(second.origin, limits)).status).toBe(200);
    await expect(asking.request(first.origin, limits)).rejects.toThrow();
  });

  it('stays within min_version and max_version', async () => {
    const server = await open(
      serveTls(({ socket }, response) => {
        response.end(socket instanceof TLSSocket ? socket.getProtocol() : '');
      }),
    );
    const ca = tlsText('first-ca.crt');
    expect(await ask(tls({ ca, max_version: 'TLS12' }), server.origin)).toBe('TLSv1.2');
    expect(await ask(tls({ ca, min_version: 'TLS13' }), server.origin)).toBe('TLSv1.3');
    expect(() => client(tls({ min_version: 'TLS13', max_version: 'TLS12' }))).toThrow(
      /TA_HTTP_CONFIG/,
    );
  });

  it('speaks HTTP/2 when both want it', async () => {
    const { origin } = await open(serveHttp2());
    const config = tls({ ca: tlsText('first-ca.crt') });
    expect(await ask({ ...config, enable_http2: true }, origin)).toBe('2.0');
    expect(await ask({ ...config, enable_http2: false }, origin)).toBe('1.1');
  });
});

describe('proxies', () => {
  const proxy_connect_header = { 'X-Gate': [new Secret('open')] };

  it('get plain requests in absolute form, with the credentials of the proxy URL', async () => {
    const proxy = await open(serveProxy());
    const proxy_url = `http://user:word@127.0.0.1:${String(proxy.port)}`;
    expect(await ask({ proxy_url, proxy_connect_header }, 'http://sd.test/a?b=1')).toBe(
      'proxied http://sd.test/a?b=1',
    );
    expect(proxy.requests[0]?.headers).toMatchObject({
      host: 'sd.test',
      'proxy-authorization': `Basic ${Buffer.from('user:word').toString('base64')}`,
    });
    expect(proxy.requests[0]?.headers['x-gate']).toBeUndefined();
  });

  it('tunnel TLS, with the configured headers on CONNECT only', async () => {
    const proxy = await open(serveProxy());
    const server = await open(serveTls((_, response) => response.end('hello')));
    const config = { ...tls({ ca: tlsText('first-ca.crt') }), proxy_url: proxy.origin };
    expect(await ask({ ...config, proxy_connect_header }, server.origin)).toBe('hello');
    expect(proxy.tunnels[0]?.url).toBe(server.origin.replace('https://', ''));
    expect(proxy.tunnels[0]?.headers['x-gate']).toBe('open');
    expect(server.requests[0]?.headers['x-gate']).toBeUndefined();
  });

  it('come from the environment by scheme, and never for loopback', async () => {
    const proxy = await open(serveProxy());
    const near = await open(serveHttp((_, response) => response.end('near')));
    const config = { proxy_from_environment: true };
    const environment = { httpProxy: `127.0.0.1:${String(proxy.port)}`, noProxy: '.near.test' };
    expect(await ask(config, 'http://sd.test/', environment)).toBe('proxied http://sd.test/');
    expect(await ask(config, near.origin, environment)).toBe('near');
    expect(await ask(config, near.origin, {})).toBe('near');
  });

  it('are left out for what no_proxy names', async () => {
    const proxy = await open(serveProxy());
    const near = await open(serveHttp((_, response) => response.end('near')));
    const through = `proxied ${near.origin}/`;
    expect(await ask({ proxy_url: proxy.origin }, near.origin)).toBe(through);
    expect(await ask({ proxy_url: proxy.origin, no_proxy: '127.0.0.0/8' }, near.origin)).toBe(
      'near',
    );
  });

  it.each([
    ['refuse the tunnel', 'HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n', /with 403/],
    ['hang up instead of answering', '', /socket hang up/],
  ])('say why when they %s, and are asked once', async (_, answer, reason) => {
    const refusing = await open(serveRaw((socket) => socket.end(answer)));
    await expect(ask({ proxy_url: refusing.origin }, 'https://sd.test/')).rejects.toThrow(reason);
    expect(refusing.connections()).toBe(1);
  });

  it('can be asked over TLS themselves', async () => {
    const tunnel = await open(serveProxy());
    const proxy = await open(serveTlsFront(tunnel.port));
    const server = await open(serveTls((_, response) => response.end('hello')));
    const config = tls({ ca: tlsText('first-ca.crt') });
    expect(await ask({ ...config, proxy_url: proxy.origin }, server.origin)).toBe('hello');
    expect(tunnel.tunnels).toHaveLength(1);
  });
});
