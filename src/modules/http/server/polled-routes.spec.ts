import { once } from 'node:events';
import { createServer, request, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import fc from 'fast-check';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { Secret } from '../../../core/scrape-config/secret.js';
import { FakeView, scrapeConfig, servedConfigs } from '../testing/fake-served-state.js';
import { partialConfig, startTestApp, type TestApp } from '../testing/test-app.js';
import { LastAnswers } from './last-answers.js';
import { PolledRoutes } from './polled-routes.js';

const duration = 'opentelemetry_allocator_http_duration_seconds';
const unknown = 'opentelemetry_allocator_unknown_collector_requests_total';

interface Asked {
  readonly url: string;
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

interface Answer {
  readonly status: number | undefined;
  readonly headers: Readonly<Record<string, unknown>>;
  readonly body: string;
}

let t: TestApp;
/** Of the requests that came by the first server: how many were left to the routes. */
let routed = 0;
const servers: Server[] = [];
let viaPolls: (asked: Asked) => Promise<Answer>;
let viaRoutes: (asked: Asked) => Promise<Answer>;

async function serve(listener: RequestListener): Promise<typeof viaPolls> {
  let isSent: Promise<unknown> = Promise.resolve();
  const server = createServer((incoming, response) => {
    isSent = once(response, 'close');
    listener(incoming, response);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  servers.push(server);
  const { port } = server.address() as AddressInfo;
  return async ({ url, method = 'GET', headers = {} }) => {
    const sent = request({ host: '127.0.0.1', port, path: url, method, headers }).end();
    const [answer] = await once(sent, 'response');
    const others = { ...answer.headers, date: undefined };
    const body = (await buffer(answer)).toString('latin1');
    // A client may have the answer before it is measured.
    await isSent;
    return { status: answer.statusCode, headers: others, body };
  };
}

beforeAll(async () => {
  t = await startTestApp();
  const fastify = t.app.getHttpAdapter().getInstance();
  const routes: RequestListener = (incoming, response) => {
    fastify.routing(incoming, response);
  };
  viaRoutes = await serve(routes);
  viaPolls = await serve(
    t.app.get(PolledRoutes).before((incoming, response) => {
      routed += 1;
      routes(incoming, response);
    }),
  );
});
beforeEach(() => {
  t.reset();
  routed = 0;
  const many = Array.from({ length: 100 }, (_, i) => ({
    job: 'a/b c',
    address: `h-${String(i)}:80`,
    collector: 'c-0',
  }));
  t.state.view = new FakeView(
    ['c-0', 'c-1', 'ä b'],
    [...many, { job: 'a', address: 'h:1', collector: 'c-1' }],
  );
  t.state.scrapeConfigs = servedConfigs([scrapeConfig('a'), scrapeConfig('a/b c')]);
});
afterAll(async () => {
  for (const server of servers) server.close();
  await t.app.close();
});

/** What is measured and counted of one request. */
async function recorded(ask: () => Promise<Answer>): Promise<unknown> {
  t.meter.reset();
  const answer = await ask();
  const measured = t.meter.of(duration).map(({ labels }) => labels);
  return { answer, measured, unknown: t.meter.of(unknown).length };
}

async function expectSame(asked: Asked): Promise<void> {
  const long = await recorded(() => viaRoutes(asked));
  expect(await recorded(() => viaPolls(asked))).toEqual(long);
}

const polls = ['/scrape_configs', '/jobs/a/targets?collector_id=c-1'] as const;

describe('polls', () => {
  it.each([
    ['/scrape_configs'],
    ['/jobs/a/targets?collector_id=c-1'],
    ['/jobs/a%2Fb+c/targets?collector_id=c-0'],
    ['/jobs/a%2Fb%20c/targets?collector_id=nobody'],
    ['/jobs/nothing/targets?collector_id=c-0'],
  ])('are answered without the routes: %s', async (url) => {
    const headers = { accept: 'application/json', 'accept-encoding': 'gzip' };
    // Compressed on first demand, by the route.
    await viaRoutes({ url, headers });
    const { status, headers: own } = await viaPolls({ url, headers });
    const tag = String(own['etag']);
    expect([status, routed]).toEqual([200, 0]);
    expect((await viaPolls({ url, headers: { ...headers, 'if-none-match': tag } })).status).toBe(
      304,
    );
    expect((await viaPolls({ url })).status).toBe(200);
    expect(routed).toBe(0);
    await expectSame({ url, headers });
  });

  it('get what the routes would give, whatever is asked how', async () => {
    const piece = fc.constantFrom(
      'a',
      'a%2Fb+c',
      'a%2Fb%20c',
      '%',
      '%zz',
      '%ff',
      'ä',
      '..',
      '',
      ';',
    );
    const id = fc.constantFrom(
      'c-0',
      'c-1',
      'nobody',
      '',
      '%C3%A4+b',
      'c%2D0',
      'c-0&x=1',
      'c-0#x',
      '+',
    );
    const url = fc.oneof(
      fc.constantFrom(
        '/scrape_configs',
        '/scrape_configs/',
        '/scrape_configs?x',
        '/jobs',
        '/livez',
      ),
      fc
        .tuple(piece, fc.constantFrom('/targets', '/targets/', '/Targets', ''), id)
        .map(([job, path, collector]) => `/jobs/${job}${path}?collector_id=${collector}`),
      piece.map((job) => `/jobs/${job}/targets`),
    );
    const headers = fc.record(
      {
        accept: fc.constantFrom('application/json', 'text/html', '*/*'),
        'accept-encoding': fc.constantFrom('gzip', 'br', 'gzip, br;q=0.5', 'identity', 'gzip;q=0'),
        'if-none-match': fc.constantFrom('*', '"x"', 'known', 'W/known'),
        connection: fc.constantFrom('close', 'keep-alive'),
      },
      { requiredKeys: [] },
    );
    const asked = fc.record({
      url,
      method: fc.constantFrom('GET', 'GET', 'HEAD', 'POST'),
      headers,
    });
    await fc.assert(
      fc.asyncProperty(asked, async ({ headers: written, ...rest }) => {
        const path = encodeURI(rest.url).replaceAll('%25', '%');
        const { etag } = (await viaRoutes({ url: path })).headers;
        const known = written['if-none-match']?.replace('known', String(etag));
        const sent = { ...written, ...(known !== undefined && { 'if-none-match': known }) };
        await expectSame({ ...rest, url: path, headers: sent });
      }),
      { numRuns: 300 },
    );
    expect(routed).toBeLessThan(300);
  });

  it.each(polls)('are refused by the routes as long as there is no answer: %s', async (url) => {
    t.state.unknown = 'waiting';
    t.state.scrapeConfigs = undefined;
    expect((await viaPolls({ url })).status).toBe(503);
    await expectSame({ url });
    expect(routed).toBe(2);
  });

  it('that fail are answered and logged by the routes', async () => {
    t.state.failure = new Error('broken');
    await expectSame({ url: polls[1] });
    expect((await viaPolls({ url: polls[1] })).status).toBe(500);
    expect(t.log.map(({ message }) => message)).toEqual(Array(3).fill('request failed'));
  });

  it('see secrets where they are shown', async () => {
    const basicAuth = { username: 'u', password: new Secret('hunter2') };
    t.state.scrapeConfigs = servedConfigs([scrapeConfig('a', { basic_auth: basicAuth })]);
    const url = '/scrape_configs';
    expect((await viaPolls({ url })).body).not.toContain('hunter2');
    t.config.current = partialConfig({ allowInsecureAuthSecrets: true });
    expect((await viaPolls({ url })).body).toContain('hunter2');
    expect(routed).toBe(0);
  });

  it('of a large answer get it in pieces, and only its headers where no more is asked for', async () => {
    const many = Array.from({ length: 20_000 }, (_, i) => ({
      job: 'a',
      address: `host-${String(i)}.example:9090`,
      collector: 'c-0',
    }));
    t.state.view = new FakeView(['c-0'], many);
    const url = '/jobs/a/targets?collector_id=c-0';
    const { body } = await viaPolls({ url });
    expect(JSON.parse(body)).toHaveLength(many.length);
    expect(routed).toBe(0);
    await expectSame({ url });
    await expectSame({ url, method: 'HEAD' });
  });
});

describe('the last answers of an application', () => {
  it('are those of the routes, which close connections', async () => {
    const own = await startTestApp();
    await own.app.listen(0, '127.0.0.1');
    const server: Server = own.app.getHttpServer();
    const { port } = server.address() as AddressInfo;
    const url = `http://127.0.0.1:${String(port)}/scrape_configs`;
    expect((await fetch(url)).headers.get('connection')).toBe('keep-alive');
    own.app.get(LastAnswers).begin();
    expect((await fetch(url)).headers.get('connection')).toBe('close');
    await own.app.close();
  });
});
