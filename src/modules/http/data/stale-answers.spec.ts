import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
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

const get = (url: string, headers: Record<string, string> = {}) => t.app.inject({ url, headers });
const targets = (address: string): Buffer => Buffer.from(JSON.stringify([{ targets: [address] }]));

/** Nothing is known but what an earlier life has left, half a minute ago. */
function restarted(): void {
  t.state.unknown = 'the jobs are not known yet';
  t.state.scrapeConfigs = undefined;
  t.stale.asOfMs = t.clock.epochMs() - 30_000;
  t.stale.targets = { a: { 'c-0': targets('a:1') } };
  t.stale.configs = Buffer.from('{"a":{"job_name":"a"}}');
}

describe('answers after a restart', () => {
  it('are the former ones, marked as stale', async () => {
    restarted();
    for (const [url, json] of [
      ['/jobs', { a: { _link: '/jobs/a/targets' } }],
      ['/jobs/a/targets?collector_id=c-0', [{ targets: ['a:1'] }]],
      [
        '/jobs/a/targets',
        { 'c-0': { _link: '/jobs/a/targets?collector_id=c-0', targets: [{ targets: ['a:1'] }] } },
      ],
      ['/scrape_configs', { a: { job_name: 'a' } }],
    ] as const) {
      const answer = await get(url);
      expect(answer.statusCode, url).toBe(200);
      expect(answer.json(), url).toEqual(json);
      expect(answer.headers, url).toMatchObject({
        age: '30',
        warning: '110 target-allocator "response is stale"',
      });
      const tag = String(answer.headers.etag);
      expect((await get(url, { 'if-none-match': tag })).statusCode, url).toBe(304);
    }
    expect((await get('/readyz')).statusCode).toBe(503);
    expect((await get('/readyz?verbose')).body).toContain('not known yet are those of');
    expect((await get('/api/v1/status')).json()).toMatchObject({ ready: false });
    expect(typeof (await get('/api/v1/status')).json().stale_as_of).toBe('string');
    expect((await get('/', { accept: 'text/html' })).body).toContain('Collectors get the answers');
    expect(t.log.filter(({ message }) => message.includes('unknown collector'))).toEqual([]);
  });

  it('are refused as before where nothing is remembered', async () => {
    restarted();
    t.stale.configs = undefined;
    for (const url of ['/jobs/b/targets', '/jobs/a/targets?collector_id=new', '/scrape_configs']) {
      expect((await get(url)).statusCode, url).toBe(503);
    }
  });

  it('do not show what was masked as if it were the secret', async () => {
    restarted();
    t.config.current = partialConfig({ allowInsecureAuthSecrets: true });
    expect((await get('/scrape_configs')).statusCode).toBe(503);
  });

  it('end job by job, as soon as each is known', async () => {
    restarted();
    t.state.unknown = undefined;
    t.state.reasons.set('a', 'the discovery of this job has not answered yet');
    t.state.scrapeConfigs = servedConfigs([scrapeConfig('a'), scrapeConfig('b')]);
    t.state.view = new FakeView(['c-0'], [{ job: 'b', address: 'b:1', collector: 'c-0' }]);
    expect(Object.keys((await get('/jobs')).json())).toEqual(['a', 'b']);
    expect((await get('/jobs/a/targets')).headers.warning).toBeDefined();
    const known = await get('/jobs/b/targets?collector_id=c-0');
    expect(known.headers.warning).toBeUndefined();
    expect(known.json()).toMatchObject([{ targets: ['b:1'] }]);
    expect((await get('/scrape_configs')).headers.warning).toBeUndefined();
  });

  it('have another tag than the live answer that takes their place, however large both are', async () => {
    restarted();
    const large = targets('x'.repeat(100_000));
    t.stale.targets = { a: { 'c-0': large } };
    const stale = await get('/jobs/a/targets?collector_id=c-0');
    t.state.unknown = undefined;
    t.stale.reset();
    t.state.view = new FakeView(
      ['c-0'],
      [{ job: 'a', address: 'y'.repeat(100_000), collector: 'c-0' }],
    );
    const live = await get('/jobs/a/targets?collector_id=c-0');
    expect(live.headers.etag).not.toBe(stale.headers.etag);
    const tag = String(stale.headers.etag);
    const again = await get('/jobs/a/targets?collector_id=c-0', { 'if-none-match': tag });
    expect(again.statusCode).toBe(200);
  });
});
