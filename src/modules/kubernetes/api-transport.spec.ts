import { once } from 'node:events';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import http2 from 'node:http2';
import https from 'node:https';
import { createServer as createTcpServer, type AddressInfo, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import type { Readable } from 'node:stream';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { FaultProxy } from '../../../test/fixtures/fault-proxy.js';
import { FakeClock } from '../telemetry/testing/fake-clock.js';
import { FileCredentials, type FileCredentialsOptions } from './api-credentials.js';
import type { ApiResponse } from './api-connection.js';
import { ApiTransport } from './api-transport.js';
import { ApiConnectionError, ApiTimeoutError } from './kubernetes.errors.js';

const certificates = resolve(import.meta.dirname, '../../../test/fixtures/tls');
const ca = { file: join(certificates, 'first-ca.crt') };

interface SeenRequest {
  readonly path: string;
  readonly headers: NodeJS.Dict<string | string[]>;
  readonly remotePort: number | undefined;
}

async function listen(server: Server): Promise<number> {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return (server.address() as AddressInfo).port;
}
async function textOf(body: Readable): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of body) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString();
}

describe('ApiTransport', () => {
  let clock: FakeClock;
  const stop = new AbortController();
  let closing: (() => unknown)[];

  beforeEach(() => {
    clock = new FakeClock();
    closing = [];
  });
  afterEach(async () => {
    for (const close of closing.toReversed()) await close();
    expect(clock.pendingTimers).toBe(0);
  });

  /** A TLS server that answers `/hold` with a stream that stays open, and anything else with its path. */
  async function serve(
    kind: 'h2' | 'http/1.1',
    isAllowed: (authorization: string) => boolean = () => true,
  ) {
    const keys = {
      key: await readFile(join(certificates, 'server.key')),
      cert: await readFile(join(certificates, 'server.crt')),
    };
    const requests: SeenRequest[] = [];
    const handle = (
      request: {
        url?: string;
        headers: NodeJS.Dict<string | string[]>;
        socket: { remotePort?: number | undefined };
      },
      answer: {
        writeHead: (status: number) => unknown;
        write: (text: string) => unknown;
        end: (text: string) => unknown;
      },
    ): void => {
      const path = request.url ?? '';
      requests.push({ path, headers: request.headers, remotePort: request.socket.remotePort });
      answer.writeHead(isAllowed(String(request.headers['authorization'])) ? 200 : 401);
      if (path.endsWith('/hold')) answer.write('first\n');
      else answer.end(path);
    };
    const server =
      kind === 'h2'
        ? http2.createSecureServer(keys, handle as never)
        : https.createServer(keys, handle as never);
    const port = await listen(server);
    const sockets = new Set<{ destroy: () => void }>();
    server.on('secureConnection', (socket: { destroy: () => void }) => sockets.add(socket));
    closing.push(() => {
      server.close();
      for (const socket of sockets) socket.destroy();
    });
    return { port, requests, sockets };
  }
  function connect(
    port: number,
    credentials: FileCredentialsOptions = { ca },
    path = '',
  ): ApiTransport {
    const transport = new ApiTransport(
      {
        url: `https://127.0.0.1:${String(port)}${path}`,
        credentials: new FileCredentials(credentials),
      },
      { clock },
    );
    closing.push(() => {
      transport.close();
    });
    return transport;
  }
  async function get(transport: ApiTransport, path: string): Promise<ApiResponse> {
    return transport.request({ path, signal: stop.signal });
  }

  it('sends everything over one HTTP/2 connection', async () => {
    const { port, sockets } = await serve('h2');
    const transport = connect(port);
    const paths = ['/a', '/b', '/c'];
    const answers = await Promise.all(paths.map((path) => get(transport, path)));
    expect(await Promise.all(answers.map(({ body }) => textOf(body)))).toEqual(paths);
    expect(sockets.size).toBe(1);
  });

  it('falls back to HTTP/1.1 and keeps its connection alive', async () => {
    const { port, requests } = await serve('http/1.1');
    const transport = connect(port);
    for (const path of ['/a', '/b', '/c']) {
      const { status, body } = await get(transport, path);
      expect([status, await textOf(body)]).toEqual([200, path]);
    }
    expect(new Set(requests.map(({ remotePort }) => remotePort)).size).toBe(1);
  });

  it('puts the path of the server before that of the request', async () => {
    const { port } = await serve('h2');
    const { body } = await get(
      connect(port, { ca }, '/k8s/clusters/c-1/'),
      '/api/v1/pods?watch=true',
    );
    expect(await textOf(body)).toBe('/k8s/clusters/c-1/api/v1/pods?watch=true');
  });

  it('refuses a server that another authority signed', async () => {
    const { port } = await serve('h2');
    const otherCa = { file: join(certificates, 'second-ca.crt') };
    await expect(get(connect(port, { ca: otherCa }), '/a')).rejects.toThrow(ApiConnectionError);
  });

  it('ends a connection that does not answer a ping, and the streams on it', async () => {
    const { port } = await serve('h2');
    const proxy = await FaultProxy.start(port);
    closing.push(() => proxy.close());
    const { body } = await get(connect(proxy.port), '/hold');
    const reading = textOf(body);
    reading.catch(() => undefined);
    proxy.set({ blackhole: true });
    await clock.advance(44_999);
    await clock.advance(1);
    await expect(reading).rejects.toThrow(ApiTimeoutError);
  });

  it('keeps a quiet connection whose pings are answered', async () => {
    const { port, sockets } = await serve('h2');
    const transport = connect(port);
    const { body } = await get(transport, '/hold');
    for (let i = 0; i < 5; i += 1) {
      await clock.advance(30_000);
      // The answer comes over the network; then the next interval has begun.
      await vi.waitFor(() => {
        expect(clock.nextTimerInMs).toBe(30_000);
      });
    }
    expect(body.destroyed).toBe(false);
    await get(transport, '/a');
    expect(sockets.size).toBe(1);
    body.destroy();
  });

  it('gives up a handshake that is not answered within 15 seconds', async () => {
    const silent = createTcpServer();
    const port = await listen(silent);
    closing.push(() => silent.close());
    silent.on('connection', (socket) => closing.push(() => socket.destroy()));
    const request = get(connect(port), '/a');
    request.catch(() => undefined);
    await vi.waitFor(() => {
      expect(clock.pendingTimers).toBe(1);
    });
    await clock.advance(15_000);
    await expect(request).rejects.toThrow('no TLS connection within 15 s');
  });

  it('says who does not answer', async () => {
    const free = createTcpServer();
    const port = await listen(free);
    free.close();
    await expect(get(connect(port), '/a')).rejects.toThrow(
      `TA_KUBE_CONNECTION: https://127.0.0.1:${String(port)}: connect ECONNREFUSED`,
    );
  });

  it('ends a request when its signal aborts', async () => {
    const { port } = await serve('h2');
    const transport = connect(port);
    const aborted = new AbortController();
    const { body } = await transport.request({ path: '/hold', signal: aborted.signal });
    const reading = textOf(body);
    aborted.abort(new ApiTimeoutError('enough'));
    await expect(reading).rejects.toThrow('enough');
    const late = transport.request({ path: '/a', signal: aborted.signal });
    await expect(late).rejects.toThrow('enough');
  });

  describe('with files that change', () => {
    let folder: string;
    beforeEach(async () => {
      folder = await mkdtemp(join(tmpdir(), 'transport-'));
      closing.push(() => rm(folder, { recursive: true }));
    });

    it('reads the token anew for each request, without its line end', async () => {
      const { port, requests } = await serve('h2');
      const file = join(folder, 'token');
      await writeFile(file, 'first\n');
      const transport = connect(port, { ca, bearerToken: { file } });
      await get(transport, '/a');
      await writeFile(file, 'second\n');
      await get(transport, '/b');
      await rm(file);
      await get(transport, '/c');
      expect(requests.map(({ headers }) => headers['authorization'])).toEqual([
        'Bearer first',
        'Bearer second',
        'Bearer second',
      ]);
    });

    it('asks the credentials again after a 401, once', async () => {
      const { port, requests } = await serve('h2', (header) => header === 'Bearer new');
      let asked = 0;
      const transport = new ApiTransport(
        {
          url: `https://127.0.0.1:${String(port)}`,
          credentials: {
            tls: () => new FileCredentials({ ca }).tls(),
            headers: (renew) => {
              asked += 1;
              return Promise.resolve({ authorization: renew ? 'Bearer new' : 'Bearer old' });
            },
          },
        },
        { clock },
      );
      closing.push(() => {
        transport.close();
      });
      expect((await get(transport, '/a')).status).toBe(200);
      expect(asked).toBe(2);
      expect(requests).toHaveLength(2);
    });

    it('connects anew when the authority’s file changes, and lets what is under way end', async () => {
      const { port, sockets } = await serve('h2');
      const file = join(folder, 'ca.crt');
      const first = await readFile(ca.file, 'utf8');
      await writeFile(file, first);
      const transport = connect(port, { ca: { file } });
      const { body } = await get(transport, '/hold');
      await writeFile(
        file,
        `${first}\n${await readFile(join(certificates, 'second-ca.crt'), 'utf8')}`,
      );
      await get(transport, '/a');
      expect(sockets.size).toBe(2);
      expect(body.destroyed).toBe(false);
      body.destroy();
      await once(body, 'close');
    });
  });
});
