import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { parseDocument } from 'yaml';
import { FakeView, scrapeConfig, servedConfigs } from '../testing/fake-served-state.js';
import { startTestApp, type TestApp } from '../testing/test-app.js';

let t: TestApp;
beforeAll(async () => {
  t = await startTestApp();
});
beforeEach(() => {
  t.reset();
  t.state.view = new FakeView(['c-0'], [{ job: 'a', address: 'h:1', collector: 'c-0' }]);
});
afterAll(() => t.app.close());

describe('routes', () => {
  it.each(['/jobs', '/scrape_configs', '/jobs/a/targets', '/metrics', '/livez', '/readyz'])(
    '%s is served with a slash at its end too, without a redirect',
    async (url) => {
      const plain = await t.app.inject(url);
      const slash = await t.app.inject(`${url}/?collector=x`);
      expect([slash.statusCode, slash.body]).toEqual([200, plain.body]);
    },
  );

  it.each(['/nope', '/JOBS', '//jobs', '/jobs/a', '/jobs/a/', '/debug', '/healthz'])(
    '%s is not found, in text',
    async (url) => {
      const { statusCode, body, headers } = await t.app.inject(url);
      expect([statusCode, body]).toEqual([404, '404 page not found']);
      expect(headers['content-type']).toMatch(/^text\/plain/);
    },
  );

  it.each(['POST', 'PUT', 'DELETE', 'PATCH', 'OPTIONS'] as const)('take no %s', async (method) => {
    for (const url of ['/jobs', '/scrape_configs', '/jobs/a/targets', '/livez', '/']) {
      const { statusCode, body } = await t.app.inject({ method, url });
      expect([statusCode, body]).toEqual([404, '404 page not found']);
    }
  });

  it('serve a job whose name is as long as a request line can be', async () => {
    const job = 'j'.repeat(20_000);
    t.state.view = new FakeView(['c-0'], [{ job, address: 'h:1', collector: 'c-0' }]);
    const { body } = await t.app.inject(`/jobs/${job}/targets?collector_id=c-0`);
    expect(JSON.parse(body)).toHaveLength(1);
  });

  it('are measured by their pattern', async () => {
    for (const url of ['/jobs/a/targets?collector_id=x', '/jobs/', '/', '/nope']) {
      await t.app.inject(url);
    }
    const records = t.meter.of('opentelemetry_allocator_http_duration_seconds');
    expect(records.map(({ labels }) => labels['path'])).toEqual([
      '/jobs/:job_id/targets',
      '/jobs',
      '/',
      '',
    ]);
  });

  it('let no browser guess a type', async () => {
    for (const url of ['/jobs', '/', '/nope', '/metrics', '/readyz']) {
      expect((await t.app.inject(url)).headers['x-content-type-options']).toBe('nosniff');
    }
  });

  it('give out the metrics in the type that they have', async () => {
    const { headers, body } = await t.app.inject('/metrics');
    expect([headers['content-type'], body]).toEqual(['text/plain; version=0.0.4', 'up 1\n']);
  });
});

describe('errors on the data paths', () => {
  const failure = new TypeError('secret: {detail}');
  const fail = (): never => {
    throw failure;
  };
  const cases: readonly (readonly [string, () => void, object])[] = [
    ['jobs not known', () => (t.state.scrapeConfigs = undefined), { url: '/scrape_configs' }],
    [
      'jobs not known, asked for as a page',
      () => (t.state.scrapeConfigs = undefined),
      {
        url: '/scrape_configs',
        headers: { accept: 'text/html' },
      },
    ],
    ['targets not known', () => (t.state.unknown = 'a: {b: c}\nd: e'), { url: '/jobs' }],
    [
      'targets not known, asked for as a page',
      () => (t.state.unknown = 'x'),
      {
        url: '/jobs',
        headers: { accept: 'text/html' },
      },
    ],
    ['targets of a job not known', () => (t.state.unknown = '{}'), { url: '/jobs/a/targets' }],
    ['a failure within', () => (t.state.failure = failure), { url: '/jobs/a/targets' }],
    [
      'a failure of rendering',
      () => {
        const config = scrapeConfig('a');
        Object.defineProperty(config, 'metrics_path', { get: fail, enumerable: true });
        t.state.scrapeConfigs = servedConfigs([config]);
      },
      { url: '/scrape_configs' },
    ],
    ['a path that is no encoding', () => {}, { url: '/jobs/%zz/targets' }],
    ['a path that is not UTF-8', () => {}, { url: '/jobs/%ff/targets' }],
    ['a path that does not exist', () => {}, { url: '/jobs/a' }],
    ['a job without a name', () => {}, { url: '/jobs//targets' }],
    ['another method', () => {}, { method: 'POST', url: '/scrape_configs' }],
    [
      'a body that is too large',
      () => {},
      {
        method: 'POST',
        url: '/jobs',
        headers: { 'content-type': 'application/json' },
        payload: '{"a":{"b":"c"}}',
      },
    ],
    [
      'a body of an unknown type',
      () => {},
      {
        method: 'PUT',
        url: '/jobs/a/targets',
        headers: { 'content-type': 'a/b' },
        payload: 'x',
      },
    ],
  ];

  it.each(cases)(
    'are a line of text that YAML reads as a scalar: %s',
    async (_, arrange, request) => {
      arrange();
      const { statusCode, headers, body } = await t.app.inject(request);
      expect(statusCode).toBeGreaterThanOrEqual(400);
      expect(headers['content-type']).toMatch(/^text\/plain/);
      expect(parseDocument(body).toJS()).toBe(body);
      expect(body).toMatch(/^\d{3} \w/);
    },
  );

  it('tell the client nothing of what failed within, and the log everything', async () => {
    t.state.failure = failure;
    expect((await t.app.inject('/jobs')).body).toBe('500 internal server error');
    expect(t.log).toEqual([
      {
        level: 'error',
        message: 'request failed',
        fields: { url: '/jobs', error: failure },
      },
    ]);
  });
});
