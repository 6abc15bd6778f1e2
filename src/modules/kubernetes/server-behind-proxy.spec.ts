import { afterEach, describe, expect, it } from 'vitest';
import { serveHttp2, serveProxy, serveRaw, tlsText } from '../../../test/fixtures/sd-server.js';
import { Secret, type KubernetesServerConfig } from '../../plugin-api/index.js';
import { FakeClock } from '../telemetry/testing/fake-clock.js';
import { ApiTransport } from './api-transport.js';
import { configuredTarget } from './server-target.js';

const closing: (() => unknown)[] = [];
const open = async <T extends { close(): Promise<void> }>(thing: Promise<T>): Promise<T> => {
  const opened = await thing;
  closing.push(() => opened.close());
  return opened;
};

/** The text of the answer of a server that is reached as a configuration says. */
async function ask(config: Partial<KubernetesServerConfig>): Promise<string> {
  const clock = new FakeClock();
  const target = configuredTarget(
    {
      follow_redirects: true,
      enable_http2: true,
      tls_config: { ca: tlsText('first-ca.crt'), insecure_skip_verify: false },
      ...config,
    },
    { clock, proxies: {}, search: { file: '', env: {} } },
  );
  const transport = new ApiTransport(await target.open(), { clock });
  closing.push(() => {
    transport.close();
  });
  const signal = AbortSignal.timeout(5_000);
  const { body } = await transport.request({ path: '/', signal });
  let text = '';
  for await (const chunk of body) text += String(chunk);
  return text;
}

describe('an API server behind a proxy', () => {
  afterEach(async () => {
    for (const close of closing.splice(0).reverse()) await close();
  });

  it.each([
    [true, '2.0'],
    [false, '1.1'],
  ])(
    'is reached with CONNECT, with enable_http2 %s over HTTP/%s',
    async (enable_http2, version) => {
      const proxy = await open(serveProxy());
      const { origin } = await open(serveHttp2());
      const answer = await ask({
        api_server: origin,
        enable_http2,
        proxy_url: `http://user:word@127.0.0.1:${String(proxy.port)}`,
        proxy_connect_header: { 'X-Gate': [new Secret('open')] },
      });
      expect(answer).toBe(version);
      expect(proxy.tunnels.map(({ url }) => url)).toContain(origin.replace('https://', ''));
      expect(proxy.tunnels[0]?.headers).toMatchObject({
        'x-gate': 'open',
        'proxy-authorization': `Basic ${Buffer.from('user:word').toString('base64')}`,
      });
    },
  );

  it('is a failed connection, told without secrets, when the proxy refuses', async () => {
    const proxy = await open(
      serveRaw((socket) => socket.end('HTTP/1.1 407 Proxy Authentication Required\r\n\r\n')),
    );
    const refused = ask({
      api_server: 'https://127.0.0.1:1',
      proxy_url: `http://user:hush@127.0.0.1:${String(proxy.port)}`,
    });
    await expect(refused).rejects.toThrow(
      /^(?!.*hush)TA_KUBE_CONNECTION: https:\/\/127.0.0.1:1: .*answered CONNECT with 407/,
    );
  });
});
