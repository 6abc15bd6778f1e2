import { once } from 'node:events';
import { type AddressInfo, connect, type Server, type Socket } from 'node:net';
import { text } from 'node:stream/consumers';
import { afterEach, describe, expect, it } from 'vitest';
import { parseDocument } from 'yaml';
import { FakeView } from '../testing/fake-served-state.js';
import { startTestApp, type TestApp } from '../testing/test-app.js';
import type { ServerLimits } from './server-limits.js';

let t: TestApp;
afterEach(() => t.app.close());

async function listen(limits: Partial<ServerLimits> = {}): Promise<() => Promise<Socket>> {
  t = await startTestApp(limits);
  await t.app.listen(0, '127.0.0.1');
  const server: Server = t.app.getHttpServer();
  const { port } = server.address() as AddressInfo;
  return async () => {
    const socket = connect(port, '127.0.0.1');
    await once(socket, 'connect');
    return socket;
  };
}

/** The status and the body of the last answer on a connection. */
function lastAnswer(wire: string): { readonly status: number; readonly body: string } {
  const answer = wire.slice(wire.lastIndexOf('HTTP/1.1 '));
  const body = answer.slice(answer.indexOf('\r\n\r\n') + 4);
  expect(answer).toContain(`ength: ${String(body.length)}\r\n`);
  return { status: Number(answer.slice(9, 12)), body };
}

describe('what is refused before it is a request', () => {
  it.each([
    ['no HTTP at all', 'hello\r\n\r\n', 400],
    ['the preface of HTTP/2', 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n', 400],
    ['headers that are too large', `GET /jobs HTTP/1.1\r\nX: ${'x'.repeat(70_000)}\r\n\r\n`, 431],
    [
      'two lengths',
      'POST /jobs HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n',
      400,
    ],
    [
      'a bad chunk',
      'POST /jobs HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n',
      400,
    ],
    ['an unknown expectation', 'GET /jobs HTTP/1.1\r\nHost: a\r\nExpect: the-best\r\n\r\n', 417],
  ])('is answered with text, never with an empty body: %s', async (_, request, status) => {
    const client = await (await listen())();
    client.write(request);
    const answer = lastAnswer(await text(client));
    expect(answer.status).toBe(status);
    expect(parseDocument(answer.body).toJS()).toBe(answer.body);
    expect(answer.body).toMatch(/^\d{3} \w/);
  });

  const upgrade = 'Upgrade: websocket\r\nConnection: keep-alive, upgrade\r\n';
  it.each([
    ['', ''],
    [' of an upgrade', upgrade],
    [' of an upgrade behind many headers', `${upgrade}${'A: b\r\n'.repeat(1_500)}`],
  ])('ends the connection when nobody can tell where the body%s ends', async (_, headers) => {
    const client = await (await listen())();
    const next = 'GET /livez HTTP/1.1\r\nHost: a\r\n\r\n';
    const framing = 'Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n';
    client.write(`GET /jobs HTTP/1.1\r\nHost: a\r\n${headers}${framing}${next}`);
    const wire = await text(client);
    expect(lastAnswer(wire)).toEqual({ status: 400, body: '400 bad request' });
    expect(wire).not.toContain(' 200 ');
  });

  it('is not a path with dots in it, which leads nowhere', async () => {
    const client = await (await listen())();
    client.write('GET /jobs/../jobs HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n');
    expect(lastAnswer(await text(client))).toEqual({ status: 404, body: '404 page not found' });
  });

  it('asks nobody to continue, least of all in the middle of an answer', async () => {
    const client = await (await listen())();
    const jobs = 'GET /jobs HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\n';
    client.write(`${jobs}\r\n${jobs}Connection: close\r\n\r\n`);
    const wire = await text(client);
    expect(wire).not.toContain('100 Continue');
    // Whether a body follows that nobody wants is not known, so that the connection ends here.
    expect(lastAnswer(wire)).toEqual({ status: 200, body: '{}' });
    expect(wire).toContain('Connection: close\r\n');
  });

  it('does not include a request without Host, which is served', async () => {
    const client = await (await listen())();
    client.write('GET /livez HTTP/1.1\r\nConnection: close\r\n\r\n');
    expect(lastAnswer(await text(client))).toEqual({ status: 200, body: 'ok\n' });
  });
});

describe('slow clients', () => {
  it('that do not finish their headers get 408 with text and are disconnected', async () => {
    const client = await (await listen({ headersTimeoutMs: 100, checkIntervalMs: 20 }))();
    client.write('GET /jobs HTTP/1.1\r\nHost: a\r\nX-Slow');
    expect(lastAnswer(await text(client))).toEqual({ status: 408, body: '408 request timeout' });
  });

  it('that read nothing of an answer are disconnected, and nobody else is', async () => {
    const open = await listen({ writeIdleTimeoutMs: 200 });
    const many = Array.from({ length: 100_000 }, (_, i) => ({
      job: 'a',
      address: `host-${String(i)}.example:9090`,
      collector: 'c-0',
    }));
    t.state.view = new FakeView(['c-0'], many);
    const server: Server = t.app.getHttpServer();
    const accepted = once(server, 'connection');
    const client = await open();
    const [peer] = (await accepted) as [Socket];
    client.pause();
    client.on('error', () => {});
    client.write('GET /jobs/a/targets?collector_id=c-0 HTTP/1.1\r\nHost: a\r\n\r\n');
    await once(peer, 'close');
    client.destroy();
    expect((await t.app.inject('/livez')).statusCode).toBe(200);
  });
});
