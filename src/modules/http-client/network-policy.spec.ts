import type { LookupAddress } from 'node:dns';
import { createServer, type AddressInfo, type Server } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  serveHttp,
  serveProxy,
  type LocalServer,
  type Proxy,
} from '../../../test/fixtures/sd-server.js';
import { Secret, type HttpClient, type HttpClientConfig } from '../../plugin-api/index.js';
import { FakeClock } from '../telemetry/testing/fake-clock.js';
import { createHttpClient, HttpCredentials, NetworkPolicy, type ResolveName } from './index.js';

const limits = { signal: new AbortController().signal, maxBodyBytes: 1_000_000 };
const forbidden = '127.0.0.2';

/** Where nobody may connect to; counts who does. */
class Trap {
  connections = 0;
  private constructor(private readonly server: Server) {
    server.on('connection', (socket) => {
      this.connections += 1;
      socket.destroy();
    });
  }

  static async open(): Promise<Trap> {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, forbidden, resolve));
    return new Trap(server);
  }

  get port(): number {
    return (this.server.address() as AddressInfo).port;
  }

  async close(): Promise<void> {
    await new Promise((resolve) => this.server.close(resolve));
  }
}

describe('the network policy', () => {
  let trap: Trap;
  let location = '';
  let server: LocalServer;
  let proxy: Proxy;
  const clients: { close(): Promise<void> }[] = [];

  beforeEach(async () => {
    trap = await Trap.open();
    server = await serveHttp((request, response) => {
      if (request.url === '/redirect') response.writeHead(307, { location }).end();
      else if (request.url === '/again') response.writeHead(302, { location: '/redirect' }).end();
      else response.end('served');
    });
    proxy = await serveProxy();
  });
  afterEach(async () => {
    for (const client of clients.splice(0)) await client.close();
    await Promise.all([trap.close(), server.close(), proxy.close()]);
  });

  /** Names have the addresses that are given; later look-ups get the later ones, and the last one for ever. */
  function resolving(names: Readonly<Record<string, readonly (readonly string[])[]>>): ResolveName {
    const asked = new Map<string, number>();
    return (hostname, _options, callback) => {
      const turn = asked.get(hostname) ?? 0;
      asked.set(hostname, turn + 1);
      const answers = names[hostname] ?? [];
      const addresses = answers[turn % Math.max(answers.length, 1)];
      const found = addresses?.map((address): LookupAddress => ({ address, family: 4 })) ?? [];
      if (found.length > 0) callback(null, found);
      else callback(Object.assign(new Error(`no ${hostname}`), { code: 'ENOTFOUND' }), []);
    };
  }

  function client(
    config: Partial<HttpClientConfig> = {},
    names: Parameters<typeof resolving>[0] = {},
  ): HttpClient {
    const network = new NetworkPolicy([`${forbidden}/32`, '169.254.0.0/16'], resolving(names));
    const made = createHttpClient(
      { follow_redirects: true, enable_http2: false, ...config },
      { clock: new FakeClock(), proxies: {}, network },
    );
    clients.push(made);
    return made;
  }

  const port = (at: { readonly port: number }): string => String(at.port);

  it('lets everything else through, by address and by name', async () => {
    const asked = client({}, { 'sd.test': [['127.0.0.1']] });
    for (const host of ['127.0.0.1', 'sd.test']) {
      const { body } = await asked.request(`http://${host}:${port(server)}/`, limits);
      expect(Buffer.from(body).toString()).toBe('served');
    }
  });

  it('lets nobody in by way of 1,000 redirects, spellings and names', async () => {
    const hosts = [
      forbidden,
      '2130706434', // the same address as one number
      '0x7f000002',
      '0177.0.0.2',
      '127.2',
      `[::ffff:${forbidden}]`,
      'inside.test',
      'sub.inside.test',
      'mixed.inside.test',
    ];
    const names = {
      'inside.test': [[forbidden]],
      'sub.inside.test': [['169.254.169.254', forbidden]],
      'mixed.inside.test': [[forbidden, '169.254.0.1']],
    };
    const asked = client({}, names);
    let refused = 0;
    for (let tries = 0; tries < 1_000; tries++) {
      const url = `http://${hosts[tries % hosts.length] ?? ''}:${port(trap)}/latest/meta-data`;
      location = url;
      const first = [url, `${server.origin}/redirect`, `${server.origin}/again`][tries % 3] ?? url;
      try {
        await asked.request(first, limits);
      } catch (error) {
        expect(error).toMatchObject({ code: 'TA_HTTP_DENIED' });
        refused += 1;
      }
    }
    expect([refused, trap.connections]).toEqual([1_000, 0]);
  });

  it('does not let a name in that changes its address, whenever it does', async () => {
    const names = { 'rebinding.test': [['127.0.0.1'], [forbidden], [forbidden, '127.0.0.1']] };
    const resolve = resolving(names);
    const network = new NetworkPolicy([`${forbidden}/32`], resolve);
    let served = 0;
    for (let tries = 0; tries < 60; tries++) {
      const deps = { clock: new FakeClock(), proxies: {}, network };
      const asked = createHttpClient({ follow_redirects: true, enable_http2: false }, deps);
      // The port of the trap is closed at the allowed address: whoever connects there is not let in.
      const to = tries % 2 === 0 ? port(trap) : port(server);
      const answer = await asked
        .request(`http://rebinding.test:${to}/`, limits)
        .catch(() => undefined);
      if (answer !== undefined) served += 1;
      await asked.close();
    }
    expect(trap.connections).toBe(0);
    expect(served).toBeGreaterThan(0);
  });

  it('looks at the proxy and at what is behind it', async () => {
    const throughProxy = { proxy_url: proxy.origin };
    const cases: readonly (readonly [Partial<HttpClientConfig>, string])[] = [
      [throughProxy, `http://${forbidden}:${port(trap)}/`],
      [throughProxy, `https://${forbidden}:${port(trap)}/`],
      [throughProxy, `http://inside.test:${port(trap)}/`],
      [throughProxy, `https://inside.test:${port(trap)}/`],
      [{ proxy_url: `http://${forbidden}:${port(trap)}` }, `${server.origin}/`],
      [{ proxy_url: `http://inside.test:${port(trap)}` }, `${server.origin}/`],
      [{ proxy_url: `http://inside.test:${port(trap)}` }, 'https://sd.test/'],
      [{ proxy_url: `socks5://inside.test:${port(trap)}` }, `${server.origin}/`],
    ];
    for (const [config, url] of cases) {
      const asked = client(config, { 'inside.test': [[forbidden]], 'sd.test': [['127.0.0.1']] });
      await expect(asked.request(url, limits)).rejects.toMatchObject({ code: 'TA_HTTP_DENIED' });
    }
    expect([trap.connections, proxy.requests.length, proxy.tunnels.length]).toEqual([0, 0, 0]);
    const allowed = client(throughProxy, {});
    const { status } = await allowed.request(`${server.origin}/`, limits);
    expect([status, proxy.requests.length]).toEqual([200, 1]);
  });

  it('holds for the server that gives out tokens', async () => {
    const oauth2 = {
      client_id: 'c',
      client_secret: new Secret('s'),
      token_url: `http://${forbidden}:${port(trap)}/token`,
    };
    await expect(client({ oauth2 }).request(`${server.origin}/`, limits)).rejects.toThrow(
      'denied_discovery_networks',
    );
    expect(trap.connections).toBe(0);
  });

  it('holds for connections that others make', async () => {
    const names = resolving({ 'inside.test': [[forbidden]], 'sd.test': [['127.0.0.1']] });
    const network = new NetworkPolicy([`${forbidden}/32`], names);
    const config = { follow_redirects: true, enable_http2: false };
    const credentials = new HttpCredentials(config, {
      clock: new FakeClock(),
      proxies: {},
      network,
    });
    const way = (host: string, at: { readonly port: number }) =>
      credentials.tunnelTo(new URL(`https://${host}:${port(at)}`));
    for (const host of [forbidden, 'inside.test']) {
      await expect(way(host, trap)?.()).rejects.toMatchObject({ code: 'TA_HTTP_DENIED' });
    }
    const socket = await way('sd.test', server)?.();
    expect(socket?.remoteAddress).toBe('127.0.0.1');
    socket?.destroy();
    expect(trap.connections).toBe(0);
  });
});
