import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import type { RequestListener } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterEach, describe, expect, it } from 'vitest';
import { eventually } from '../../../test/fixtures/eventually.js';
import { serveHttp, type LocalServer } from '../../../test/fixtures/sd-server.js';
import { FakeClock } from '../telemetry/testing/fake-clock.js';
import { Secret, type HttpClient, type HttpClientConfig } from '../../plugin-api/index.js';
import { createHttpClient } from './index.js';

const bare: HttpClientConfig = { follow_redirects: true, enable_http2: true };
const never = new AbortController().signal;
const limits = { signal: never, maxBodyBytes: 1_000_000 };

const clock = new FakeClock();
const toClose: { close(): Promise<void> }[] = [];
const folders: string[] = [];
const serve = async (listener: RequestListener): Promise<LocalServer> => {
  const server = await serveHttp(listener);
  toClose.push(server);
  return server;
};
const client = (config: Partial<HttpClientConfig> = {}): HttpClient => {
  const made = createHttpClient({ ...bare, ...config }, { clock, proxies: {} });
  toClose.push(made);
  return made;
};
const file = (text: string): string => {
  const folder = mkdtempSync(join(tmpdir(), 'http-client-'));
  folders.push(folder);
  const path = join(folder, 'secret');
  writeFileSync(path, text);
  return path;
};
const textOf = (body: Uint8Array): string => Buffer.from(body).toString();

afterEach(async () => {
  // Clients first, as a server waits for its connections.
  for (const thing of toClose.splice(0).reverse()) await thing.close();
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true });
});

describe('a request', () => {
  it('gives the status, the headers and the whole body, whatever the status', async () => {
    const server = await serve((_, response) => {
      response.writeHead(503, { 'x-a': ['1', '2'] }).end('not ready');
    });
    const answer = await client().request(server.origin, limits);
    expect(answer.status).toBe(503);
    expect(answer.headers['x-a']).toBe('1, 2');
    expect(textOf(answer.body)).toBe('not ready');
  });

  it('asks for no encoding, and refuses an encoded answer', async () => {
    const server = await serve((_, response) => {
      response.writeHead(200, { 'content-encoding': 'gzip' }).end(gzipSync(Buffer.alloc(1 << 20)));
    });
    await expect(client().request(server.origin, limits)).rejects.toMatchObject({
      code: 'TA_HTTP_ENCODED',
    });
    expect(server.requests[0]?.headers['accept-encoding']).toBe('identity');
  });

  it('stops reading at the byte budget, when the length is told and when it is not', async () => {
    const told = await serve((_, response) => response.end(Buffer.alloc(100)));
    const endless = await serve((_, response) => {
      const more = (): void => {
        while (response.write(Buffer.alloc(65_536))) continue;
      };
      response.on('drain', more);
      more();
    });
    for (const server of [told, endless]) {
      await expect(
        client().request(server.origin, { ...limits, maxBodyBytes: 99 }),
      ).rejects.toMatchObject({ code: 'TA_HTTP_BODY_TOO_LARGE', maxBodyBytes: 99 });
    }
  });

  it('shows a body to the check of the caller while it comes, a new check for each answer', async () => {
    const endless = await serve((request, response) => {
      if (request.url === '/') {
        response.writeHead(302, { location: '/list' }).end('moved');
        return;
      }
      const more = (): void => {
        while (response.write(Buffer.alloc(65_536))) continue;
      };
      response.on('drain', more);
      more();
    });
    const bodies: number[] = [];
    const bodyCheck = () => {
      const index = bodies.push(0) - 1;
      return ({ length }: Uint8Array): void => {
        bodies[index] = (bodies[index] ?? 0) + length;
        if (bodies[index] > 100_000) throw new Error('too much of it');
      };
    };
    await expect(
      client({ follow_redirects: true }).request(endless.origin, { ...limits, bodyCheck }),
    ).rejects.toMatchObject({
      code: 'TA_HTTP_REFUSED',
      message: `TA_HTTP_REFUSED: GET ${endless.origin}/: too much of it`,
    });
    expect(bodies[0]).toBe('moved'.length);
    expect(bodies[1]).toBeLessThan(limits.maxBodyBytes);
  });

  it.each([
    ['a body shorter than its length', 'HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n[{"targets"'],
    [
      'a chunk cut in the middle',
      'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nff\r\n[{"t',
    ],
    ['no answer at all', ''],
    ['an answer that is not HTTP', 'SSH-2.0-OpenSSH_9.6\r\n'],
  ])('gives no part of %s', async (_, raw) => {
    const server = await serve((request) => {
      request.socket.end(raw);
    });
    await expect(client().request(server.origin, limits)).rejects.toMatchObject({
      code: 'TA_HTTP_FAILED',
    });
  });

  it('gives no part of an answer whose connection is reset', async () => {
    const server = await serve((request, response) => {
      response.writeHead(200).write('[{"targets":["a:1"]}', () => {
        request.socket.resetAndDestroy();
      });
    });
    await expect(client().request(server.origin, limits)).rejects.toMatchObject({
      code: 'TA_HTTP_FAILED',
    });
  });

  it('ends at its deadline while a server trickles', async () => {
    const server = await serve((_, response) => {
      response.writeHead(200).write('[');
    });
    const answer = client().request(server.origin, { ...limits, timeoutMs: 15_000 });
    answer.catch(() => undefined);
    await eventually('the request has arrived', () => server.requests[0]);
    await clock.advance(14_999);
    await expect(Promise.race([answer, Promise.resolve('pending')])).resolves.toBe('pending');
    await clock.advance(1);
    await expect(answer).rejects.toMatchObject({
      code: 'TA_HTTP_TIMEOUT',
      message: expect.stringContaining('no whole answer in 15 s'),
    });
  });

  it('ends when its caller gives up', async () => {
    const server = await serve(() => undefined);
    const stop = new AbortController();
    const answer = client().request(server.origin, { ...limits, signal: stop.signal });
    answer.catch(() => undefined);
    await eventually('the request has arrived', () => server.requests[0]);
    stop.abort();
    await expect(answer).rejects.toMatchObject({ code: 'TA_HTTP_ABORTED' });
  });

  it('names the URL in errors, without user info and query', async () => {
    const server = await serve((request) => request.socket.destroy());
    const url = `http://us:pa55@127.0.0.1:${String(server.port)}/sd?token=t0p`;
    const error: unknown = await client()
      .request(url, limits)
      .catch((e: unknown) => e);
    const text = error instanceof Error ? `${error.message}${error.stack ?? ''}` : '';
    expect(text).toContain(`GET http://127.0.0.1:${String(server.port)}/sd?…`);
    expect(text).not.toMatch(/pa55|t0p/);
  });
});

describe('credentials', () => {
  const asked = async (config: Partial<HttpClientConfig>, path = ''): Promise<string> => {
    const server = await serve((request, response) => {
      response.end(request.headers.authorization ?? 'none');
    });
    const answer = await client(config).request(
      path.replace('ORIGIN', server.origin) || server.origin,
      limits,
    );
    return textOf(answer.body);
  };
  const basic = (pair: string): string => `Basic ${Buffer.from(pair).toString('base64')}`;

  it('sends basic_auth, from the text or from files', async () => {
    const auth = { username: 'ü', password: new Secret('p:w') };
    expect(await asked({ basic_auth: auth })).toBe(basic('ü:p:w'));
    const files = { username_file: file('name\n'), password_file: file(' word\n') };
    expect(await asked({ basic_auth: files })).toBe(basic('name:word'));
  });

  it('reads a credentials file anew for each request', async () => {
    const path = file('first\n');
    const server = await serve((request, response) => {
      response.end(request.headers.authorization);
    });
    const asking = client({ authorization: { type: 'Token', credentials_file: path } });
    expect(textOf((await asking.request(server.origin, limits)).body)).toBe('Token first');
    writeFileSync(path, 'second');
    expect(textOf((await asking.request(server.origin, limits)).body)).toBe('Token second');
  });

  it('names the setting when a credentials file cannot be read', async () => {
    const config = { authorization: { type: 'Bearer', credentials_file: '/does/not/exist' } };
    await expect(asked(config)).rejects.toMatchObject({
      code: 'TA_HTTP_CREDENTIALS',
      message: expect.stringContaining('authorization.credentials_file'),
    });
  });

  it('takes credentials from the URL before the configured ones, as net/http does', async () => {
    const server = await serve((request, response) => {
      response.end(request.headers.authorization);
    });
    const url = `http://a:b%40@127.0.0.1:${String(server.port)}/`;
    const config = { basic_auth: { username: 'x', password: new Secret('y') } };
    const answer = await client(config).request(url, limits);
    expect(textOf(answer.body)).toBe(basic('a:b@'));
  });

  it('adds http_headers from values, secrets and files', async () => {
    const server = await serve((_, response) => response.end());
    const config: Partial<HttpClientConfig> = {
      http_headers: {
        'X-Tenant': { values: ['one'], secrets: [new Secret('two')], files: [file('three\n')] },
      },
    };
    await client(config).request(server.origin, limits);
    expect(server.requests[0]?.rawHeaders.filter((h) => /^(one|two|three)$/.test(h))).toEqual([
      'one',
      'two',
      'three',
    ]);
  });
});

describe('redirects', () => {
  const auth = { authorization: { type: 'Bearer', credentials: new Secret('s3cret') } };

  it('are followed with the credentials as long as the host stays', async () => {
    const server = await serve((request, response) => {
      if (request.url === '/') response.writeHead(302, { location: '/next' }).end();
      else response.end(request.headers.authorization);
    });
    const answer = await client(auth).request(server.origin, limits);
    expect(textOf(answer.body)).toBe('Bearer s3cret');
  });

  it('get no credentials once they have left the host, even when they come back', async () => {
    const seen: (string | undefined)[] = [];
    const back: { to: string } = { to: '' };
    const other = await serve((request, response) => {
      seen.push(request.headers.authorization);
      response.writeHead(307, { location: back.to }).end();
    });
    const first = await serve((request, response) => {
      seen.push(request.headers.authorization);
      const location = `http://localhost:${String(other.port)}/`;
      if (request.url === '/') response.writeHead(307, { location }).end();
      else response.end('done');
    });
    back.to = `${first.origin}/back`;
    const answer = await client(auth).request(`${first.origin}/`, limits);
    expect(textOf(answer.body)).toBe('done');
    expect(seen).toEqual(['Bearer s3cret', undefined, undefined]);
  });

  it('are given back as they are when follow_redirects is off', async () => {
    const server = await serve((_, response) => {
      response.writeHead(302, { location: '/next' }).end();
    });
    const answer = await client({ follow_redirects: false }).request(server.origin, limits);
    expect(answer.status).toBe(302);
  });

  it('are not followed for ever', async () => {
    const server = await serve((_, response) => {
      response.writeHead(302, { location: '/again' }).end();
    });
    await expect(client().request(server.origin, limits)).rejects.toMatchObject({
      code: 'TA_HTTP_REDIRECT',
    });
    expect(server.requests).toHaveLength(10);
  });

  it('do not lead out of HTTP', async () => {
    const server = await serve((_, response) => {
      response.writeHead(302, { location: 'file:///etc/passwd' }).end();
    });
    await expect(client().request(server.origin, limits)).rejects.toMatchObject({
      code: 'TA_HTTP_REDIRECT',
    });
  });
});
