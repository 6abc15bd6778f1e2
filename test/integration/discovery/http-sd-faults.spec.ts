import type { IncomingMessage, ServerResponse } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { brotliCompressSync, gzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { ScrapeConfig } from '../../../src/plugin-api/index.js';
import { eventually } from '../../fixtures/eventually.js';
import { serveHttp, type LocalServer } from '../../fixtures/sd-server.js';
import { sendEndlessList } from './endless-list.js';
import { jobOf, RunningDiscovery } from './running-discovery.js';

type Answer = (request: IncomingMessage, response: ServerResponse) => void;

const sdJob = (url: string, refresh_interval: string): ScrapeConfig =>
  jobOf('sd', {
    http_sd_configs: [{ url, refresh_interval, follow_redirects: true, enable_http2: true }],
  });
const good = JSON.stringify(
  Array.from({ length: 50 }, (_, i) => ({
    targets: [`10.0.0.${String(i)}:80`, `10.0.1.${String(i)}:80`],
    labels: { rack: `r${String(i % 5)}` },
  })),
);
const jsonHeaders = { 'content-type': 'application/json' };
const json =
  (body: string | Buffer, headers = {}): Answer =>
  (_, response) => {
    response.writeHead(200, { ...jsonHeaders, ...headers }).end(body);
  };
const raw =
  (text: string): Answer =>
  ({ socket }) => {
    socket.end(text);
  };
const head = 'HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n';
const half = good.slice(0, good.length / 2);

/** Faults of rows 26, 27, 31 and 32: what may come instead of a good answer. */
const faults: readonly (readonly [string, Answer])[] = [
  ['status 500', (_, response) => response.writeHead(500, jsonHeaders).end(good)],
  ['status 404 with an empty body', (_, response) => response.writeHead(404).end()],
  ['no answer in time', () => undefined],
  ['a connection closed without an answer', ({ socket }) => socket.destroy()],
  [
    'a reset within the body',
    ({ socket }, response) => {
      response.writeHead(200, jsonHeaders).write(half, () => socket.resetAndDestroy());
    },
  ],
  ['a web page', json('<html><body>login</body></html>')],
  ['a web page as text/html', json('<html>', { 'content-type': 'text/html' })],
  ['broken JSON', json(half)],
  ['a good list as text/plain', json(good, { 'content-type': 'text/plain' })],
  ['an object', json('{"targets":["a:1"]}')],
  ['a list of the wrong things', json('[{"targets":["a:1",2]}]')],
  ['a null group', json('[{"targets":["a:1"]},null]')],
  ['an unknown field', json('[{"targets":["a:1"],"source":"x"}]')],
  [
    'a body shorter than its length',
    raw(`${head}Content-Length: ${String(good.length)}\r\n\r\n${half}`),
  ],
  [
    'a body longer than its length',
    raw(`${head}Content-Length: ${String(half.length)}\r\n\r\n${good}`),
  ],
  ['a chunk cut in the middle', raw(`${head}Transfer-Encoding: chunked\r\n\r\nffff\r\n${half}`)],
  [
    'chunks without an end',
    raw(`${head}Transfer-Encoding: chunked\r\n\r\n${half.length.toString(16)}\r\n${half}\r\n`),
  ],
  [
    'one byte at a time',
    (_, response) => {
      response.writeHead(200, jsonHeaders);
      void (async () => {
        for (const character of good) {
          if (!response.writable) return;
          response.write(character);
          await sleep(20);
        }
      })();
    },
  ],
  ['gzip that was not asked for', json(gzipSync(good), { 'content-encoding': 'gzip' })],
  ['brotli in gzip', json(gzipSync(brotliCompressSync(good)), { 'content-encoding': 'br, gzip' })],
  ['two million brackets', json('['.repeat(2_000_000))],
  [
    'a redirect to nowhere',
    (_, response) => response.writeHead(302, { location: 'http://127.0.0.1:1/' }).end(),
  ],
  [
    'a redirect to a file',
    (_, response) => response.writeHead(302, { location: 'file:///etc/hosts' }).end(),
  ],
  ['redirects in a circle', (_, response) => response.writeHead(307, { location: '/sd' }).end()],
];

describe('HTTP discovery against a server that misbehaves', () => {
  let server: LocalServer;
  let discovery: RunningDiscovery;
  let answer: Answer = json(good);

  beforeEach(async () => {
    answer = json(good);
    server = await serveHttp((request, response) => {
      answer(request, response);
    });
    discovery = new RunningDiscovery();
    discovery.apply(sdJob(`${server.origin}/sd`, '300ms'));
    await eventually('the first list', () =>
      discovery.addresses('sd').length === 100 ? true : undefined,
    );
  });

  afterEach(async () => {
    await discovery.stop();
    await server.close();
  });

  it.each(faults)('keeps the last good list through %s', async (_, fault) => {
    answer = fault;
    await eventually('three failures', () => (discovery.failures() >= 3 ? true : undefined));
    expect(discovery.addresses('sd')).toHaveLength(100);
    answer = json('[{"targets":["new:1"]}]');
    await eventually('the next good list', () =>
      discovery.addresses('sd').join() === 'new:1' ? true : undefined,
    );
    // No part of what failed was ever passed on.
    expect(discovery.counts).toEqual([100, 1]);
  });

  it('logs a failure once as long as it stays the same', async () => {
    answer = (_, response) => response.writeHead(503).end('busy');
    await eventually('three failures', () => (discovery.failures() >= 3 ? true : undefined));
    const warnings = discovery.logger.lines.filter(({ level }) => level === 'warn');
    expect(warnings).toHaveLength(1);
    expect(warnings[0]?.fields['error']).toContain('HTTP status 503');
  });

  it('obeys an empty list', async () => {
    answer = json('[]');
    await eventually('nothing', () => (discovery.addresses('sd').length === 0 ? true : undefined));
    expect(discovery.manager.isAnswered('sd')).toBe(true);
    expect(discovery.failures()).toBe(0);
  });

  it('carries hostile names and values as they are', async () => {
    const labels =
      '{"__proto__":"p","constructor":"c","half":"\\ud800","nul":"\\u0000","<script>":"&"}';
    answer = json(`[{"targets":["h:1"],"labels":${labels}}]`);
    await eventually('the list', () =>
      discovery.addresses('sd').join() === 'h:1' ? true : undefined,
    );
    expect(Object.prototype).not.toHaveProperty('p');
  });
});

describe('HTTP discovery and long texts', () => {
  it('takes a label of 4 MiB, the longest that is not refused', async () => {
    const value = 'v'.repeat(4 * 1024 * 1024);
    const server = await serveHttp((_, response) => {
      response
        .writeHead(200, jsonHeaders)
        .end(`[{"targets":["long:1"],"labels":{"long":"${value}"}},{"targets":["other:1"]}]`);
    });
    const discovery = new RunningDiscovery();
    discovery.apply(sdJob(server.origin, '1m'));
    await eventually('the list', () =>
      discovery.addresses('sd').join() === 'long:1,other:1' ? true : undefined,
    );
    expect(discovery.failures()).toBe(0);
    await discovery.stop();
    await server.close();
  });
});

describe('HTTP discovery at the start', () => {
  it('refuses a body without end at its budget, which is all the memory that it takes', async () => {
    const budget = 256 * 1024 * 1024;
    const server = await serveHttp((_, response) => {
      sendEndlessList(response);
    });
    const discovery = new RunningDiscovery();
    const before = process.memoryUsage().rss;
    let peak = before;
    discovery.apply(sdJob(server.origin, '1m'));
    await eventually(
      'a failure',
      () => {
        peak = Math.max(peak, process.memoryUsage().rss);
        return discovery.failures() >= 1 ? true : undefined;
      },
      { everyMs: 20, timeoutMs: 60_000 },
    );
    await discovery.stop();
    await server.close();
    expect(String(discovery.logger.lines[0]?.fields['error'])).toContain('TA_HTTP_BODY_TOO_LARGE');
    expect(peak - before).toBeLessThan(1.5 * budget);
  });

  it('does not say "none" while the server is down, and asks again soon', async () => {
    let isUp = false;
    const server = await serveHttp((request, response) => {
      if (isUp) response.writeHead(200, jsonHeaders).end('[{"targets":["a:1"]}]');
      else request.socket.destroy();
    });
    const discovery = new RunningDiscovery();
    discovery.apply(sdJob(server.origin, '5m'));
    await eventually('two failures', () => (discovery.failures() >= 2 ? true : undefined));
    expect(discovery.manager.isAnswered('sd')).toBe(false);
    expect(discovery.counts).toEqual([]);
    isUp = true;
    await eventually('the list', () =>
      discovery.addresses('sd').join() === 'a:1' ? true : undefined,
    );
    expect(discovery.manager.isAnswered('sd')).toBe(true);
    await discovery.stop();
    await server.close();
  });
});
