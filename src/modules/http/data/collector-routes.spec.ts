import { brotliDecompressSync, gunzipSync } from 'node:zlib';
import fc from 'fast-check';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { Secret } from '../../../core/scrape-config/secret.js';
import { PLAIN_PIECES } from '../bodies/in-pieces.js';
import { FakeView, scrapeConfig, servedConfigs } from '../testing/fake-served-state.js';
import { partialConfig, startTestApp, type TestApp } from '../testing/test-app.js';

let t: TestApp;
beforeAll(async () => {
  t = await startTestApp();
});
beforeEach(() => {
  t.reset();
});
afterAll(() => t.app.close());

/** Text of any code points that UTF-8 can carry. */
const anyText = fc
  .array(fc.oneof(fc.constantFrom(0x25, 0x2b, 0x2f, 0x20), fc.integer({ min: 1, max: 0x10ffff })), {
    minLength: 1,
    maxLength: 20,
  })
  .map((codes) => Buffer.from(String.fromCodePoint(...codes)).toString());

const get = (url: string, headers: Record<string, string> = {}) => t.app.inject({ url, headers });

function targets(job: string, collector: string, count: number) {
  return Array.from({ length: count }, (_, i) => ({
    job,
    address: `h-${String(i)}:80`,
    collector,
  }));
}

describe('/jobs', () => {
  it('lists the jobs that have targets, with links that lead to them', async () => {
    t.state.view = new FakeView(
      ['c-0'],
      [...targets('a/b', 'c-0', 1), ...targets('50% off', 'c-0', 2)],
    );
    const list = await get('/jobs');
    expect(list.headers['content-type']).toBe('application/json');
    expect(list.json()).toEqual({
      '50% off': { _link: '/jobs/50%25+off/targets' },
      'a/b': { _link: '/jobs/a%2Fb/targets' },
    });
    const job = await get('/jobs/50%25+off/targets');
    expect(job.json()['c-0'].targets).toHaveLength(2);
    const own = await get(job.json()['c-0']._link);
    expect(own.json()).toEqual(job.json()['c-0'].targets);
  });

  it('leads to every job by its own link, whatever its name is made of', async () => {
    await fc.assert(
      fc.asyncProperty(anyText, anyText, async (job, collector) => {
        t.state.view = new FakeView([collector], [{ job, address: 'h:1', collector }]);
        const jobs = Object.entries<{ _link: string }>((await get('/jobs')).json());
        expect(jobs.map(([listed]) => listed)).toEqual([job]);
        const answer = Object.entries<{ _link: string }>((await get(jobs[0]![1]._link)).json());
        expect(answer.map(([listed]) => listed)).toEqual([collector]);
        expect((await get(answer[0]![1]._link)).json()).toMatchObject([{ targets: ['h:1'] }]);
      }),
      { numRuns: 30 },
    );
  });

  it('is {} only when it is known that no job has targets', async () => {
    expect((await get('/jobs')).body).toBe('{}');
    t.state.unknown = 'waiting for discovery';
    expect((await get('/jobs')).statusCode).toBe(503);
  });

  it('goes on listing what is known while the first targets of another job are awaited', async () => {
    t.state.view = new FakeView(['c-0'], targets('a', 'c-0', 1));
    t.state.scrapeConfigs = servedConfigs([scrapeConfig('a'), scrapeConfig('b')]);
    t.state.unknown = 'the first targets are being allocated';
    t.state.awaited = new Set(['b']);
    expect((await get('/jobs')).json()).toEqual({ a: { _link: '/jobs/a/targets' } });
    expect((await get('/jobs/b/targets')).statusCode).toBe(503);
    t.state.awaited = new Set(['a', 'b']);
    expect((await get('/jobs')).statusCode).toBe(503);
  });

  it('follows the generation', async () => {
    t.state.view = new FakeView(['c-0'], targets('a', 'c-0', 1));
    await get('/jobs');
    t.state.view = new FakeView(['c-0'], targets('b', 'c-0', 1));
    expect((await get('/jobs')).json()).toEqual({ b: { _link: '/jobs/b/targets' } });
  });
});

describe('/jobs/:job/targets', () => {
  beforeEach(() => {
    t.state.view = new FakeView(['c-0', 'c-1'], targets('a', 'c-1', 2));
  });

  it('holds the answer of every collector, also of those that have nothing', async () => {
    expect((await get('/jobs/a/targets')).json()).toEqual({
      'c-0': { _link: '/jobs/a/targets?collector_id=c-0', targets: [] },
      'c-1': {
        _link: '/jobs/a/targets?collector_id=c-1',
        targets: [
          { targets: ['h-0:80'], labels: { __address__: 'h-0:80' } },
          { targets: ['h-1:80'], labels: { __address__: 'h-1:80' } },
        ],
      },
    });
  });

  it('holds every collector with nothing for a job that does not exist', async () => {
    const body = (await get('/jobs/A/targets')).json();
    expect(body).toMatchObject({ 'c-0': { targets: [] }, 'c-1': { targets: [] } });
  });

  it('is {} only when it is known that there are no collectors', async () => {
    t.state.view = new FakeView([], [{ job: 'a', address: 'h:1' }]);
    expect((await get('/jobs/a/targets')).body).toBe('{}');
    t.state.unknown = 'waiting for collectors';
    expect((await get('/jobs/a/targets')).statusCode).toBe(503);
  });

  it('is 503 for the job only that is not known yet', async () => {
    t.state.reasons.set('new job', 'discovery/http: no answer yet');
    for (const url of ['/jobs/new+job/targets', '/jobs/new%20job/targets?collector_id=c-1']) {
      const { statusCode, body } = await get(url);
      expect([statusCode, body]).toEqual([
        503,
        '503 service unavailable (not known yet, discovery/http, no answer yet)',
      ]);
    }
    expect((await get('/jobs/a/targets')).statusCode).toBe(200);
  });

  it('changes when only a collector is renamed', async () => {
    const before = await get('/jobs/none/targets');
    t.state.view = new FakeView(['c-0', 'c-2'], []);
    expect((await get('/jobs/none/targets')).headers.etag).not.toBe(before.headers.etag);
  });
});

describe('/jobs/:job/targets?collector_id=', () => {
  beforeEach(() => {
    t.state.view = new FakeView(['c-0', 'c-1'], targets('a', 'c-1', 2));
  });

  it('is the HTTP_SD answer as the allocation made it, byte for byte', async () => {
    const answer = await get('/jobs/a/targets?collector_id=c-1');
    expect(answer.headers['content-type']).toBe('application/json');
    expect(answer.rawPayload.equals(t.state.view.targetsBody('a', 'c-1'))).toBe(true);
  });

  it.each([
    ['collector_id=nobody', 0],
    ['collector_id=', 0],
    ['collector_id', 0],
    ['collector_id=nobody&collector_id=c-1', 0],
    ['collector_id=c-1&collector_id=nobody', 2],
    ['collector_id=c%2D1', 2],
    ['x=1&collector_id=c-1&y', 2],
  ])('for ?%s has %i targets', async (query, count) => {
    const answer = await get(`/jobs/a/targets?${query}`);
    expect(answer.statusCode).toBe(200);
    expect(answer.json()).toHaveLength(count);
  });

  it('is JSON for a browser too', async () => {
    const answer = await get('/jobs/a/targets?collector_id=c-1', { accept: 'text/html' });
    expect(answer.json()).toHaveLength(2);
  });

  it('counts who asks for a collector that is not known, and tells of each once', async () => {
    const name = 'opentelemetry_allocator_unknown_collector_requests_total';
    await get('/jobs/a/targets?collector_id=stranger');
    await get('/jobs/b/targets?collector_id=stranger');
    await get('/jobs/a/targets?collector_id=c-1');
    await get('/jobs/a/targets');
    expect(t.meter.of(name)).toHaveLength(2);
    expect(t.log.map(({ fields }) => fields['collectorId'])).toEqual(['stranger']);
  });

  it('stops telling of unknown collectors after a thousand of them, not counting', async () => {
    const name = 'opentelemetry_allocator_unknown_collector_requests_total';
    for (let i = 0; i < 1010; i++) await get(`/jobs/a/targets?collector_id=made-up-${String(i)}`);
    expect(t.meter.of(name)).toHaveLength(1010);
    expect(t.log.length).toBeLessThanOrEqual(1000);
    await get('/jobs/a/targets?collector_id=one-more');
    expect(t.log.map(({ fields }) => fields['collectorId'])).not.toContain('one-more');
  });
});

describe('/scrape_configs', () => {
  const secretive = scrapeConfig('s', {
    basic_auth: { username: 'u', password: new Secret('hunter2') },
  });

  it('maps each job to its config', async () => {
    t.state.scrapeConfigs = servedConfigs([scrapeConfig('a'), scrapeConfig('b c')]);
    const answer = await get('/scrape_configs');
    expect(answer.headers['content-type']).toBe('application/json');
    expect(answer.json()).toEqual({ a: scrapeConfig('a'), 'b c': scrapeConfig('b c') });
  });

  it('escapes what YAML refuses in the name of a job, which would cost collectors all jobs', async () => {
    const job = 'a\u007f\u0085\u2028\ufeff"b';
    t.state.scrapeConfigs = servedConfigs([scrapeConfig(job)]);
    const { body } = await get('/scrape_configs');
    expect(body).not.toMatch(/[\u007f-\u009f\u2028\u2029\ufeff]/);
    expect(Object.keys(JSON.parse(body) as object)).toEqual([job]);
  });

  it('is {} only when it is known that there are no jobs', async () => {
    expect((await get('/scrape_configs')).body).toBe('{}');
    t.state.scrapeConfigs = undefined;
    const unknown = await get('/scrape_configs');
    expect(unknown.statusCode).toBe(503);
    expect(unknown.body).toMatch(/^503 service unavailable \(not known yet, .+\)$/);
  });

  it('hides secrets over plain HTTP, and shows them where the operator says so', async () => {
    t.state.scrapeConfigs = servedConfigs([secretive]);
    const masked = await get('/scrape_configs');
    expect(masked.json().s.basic_auth.password).toBe('<secret>');
    t.config.current = partialConfig({ allowInsecureAuthSecrets: true });
    const revealed = await get('/scrape_configs');
    expect(revealed.json().s.basic_auth.password).toBe('hunter2');
    expect(revealed.headers.etag).not.toBe(masked.headers.etag);
  });

  it('follows the configuration', async () => {
    t.state.scrapeConfigs = servedConfigs([scrapeConfig('a')]);
    await get('/scrape_configs');
    t.state.scrapeConfigs = servedConfigs([scrapeConfig('b')], [], 2);
    expect(Object.keys((await get('/scrape_configs')).json())).toEqual(['b']);
  });
});

describe('answers on the data paths', () => {
  beforeEach(() => {
    t.state.view = new FakeView(['c-0'], targets('a', 'c-0', 500));
  });
  const url = '/jobs/a/targets?collector_id=c-0';

  it('are 304 without a body for who has them, in whatever encoding', async () => {
    const first = await get(url);
    const zipped = await get(url, { 'accept-encoding': 'gzip' });
    for (const tag of [first.headers.etag, zipped.headers.etag, `"x", W/${first.headers.etag!}`]) {
      const again = await get(url, { 'if-none-match': tag! });
      expect([again.statusCode, again.body]).toEqual([304, '']);
      expect(again.headers.etag).toBe(first.headers.etag);
      expect(again.headers.vary).toContain('Accept-Encoding');
    }
  });

  it('are sent whole when they have changed', async () => {
    const { etag } = (await get(url)).headers;
    t.state.view = new FakeView(['c-0'], targets('a', 'c-0', 501));
    expect((await get(url, { 'if-none-match': etag! })).json()).toHaveLength(501);
  });

  it('are compressed as the client wants, each encoding with a tag of its own', async () => {
    const plain = await get(url);
    const gzip = await get(url, { 'accept-encoding': 'gzip' });
    const br = await get(url, { 'accept-encoding': 'gzip;q=0.5, br' });
    expect([gzip.headers['content-encoding'], br.headers['content-encoding']]).toEqual([
      'gzip',
      'br',
    ]);
    expect(gunzipSync(gzip.rawPayload).equals(plain.rawPayload)).toBe(true);
    expect(brotliDecompressSync(br.rawPayload).equals(plain.rawPayload)).toBe(true);
    expect(new Set([plain, gzip, br].map(({ headers }) => headers.etag)).size).toBe(3);
    expect(plain.headers.vary).toBe('Accept, Accept-Encoding');
  });

  it('are sent whole however large they are, and have their length', async () => {
    t.state.view = new FakeView(['c-0'], targets('a', 'c-0', 20_000));
    const whole = t.state.view.targetsBody('a', 'c-0');
    expect(whole.length).toBeGreaterThan(PLAIN_PIECES.maxWholeBytes);
    const answer = await get(url);
    expect(answer.rawPayload.equals(whole)).toBe(true);
    expect(answer.headers['content-length']).toBe(String(whole.length));
    const head = await t.app.inject({ method: 'HEAD', url });
    expect([head.headers['content-length'], head.body]).toEqual([String(whole.length), '']);
  });

  it('are not compressed when they are small', async () => {
    const small = await get('/jobs/b/targets?collector_id=c-0', { 'accept-encoding': 'gzip' });
    expect(small.headers['content-encoding']).toBeUndefined();
    expect(small.body).toBe('[]');
  });

  it('have the length of the body, and no body, for HEAD', async () => {
    for (const path of ['/jobs', '/scrape_configs', url]) {
      const head = await t.app.inject({ method: 'HEAD', url: path });
      const full = await get(path);
      expect([head.statusCode, head.body]).toEqual([200, '']);
      expect(head.headers).toEqual({ ...full.headers, date: expect.any(String) });
    }
  });
});
