import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { Secret } from '../../../core/scrape-config/secret.js';
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

async function page(url: string, accept = 'text/html'): Promise<string> {
  const answer = await t.app.inject({ url, headers: { accept } });
  expect(answer.headers['content-type']).toBe('text/html; charset=utf-8');
  return answer.body;
}

/** The cells of each row of a page's tables, without markup. */
function rowsOf(markup: string): readonly (readonly string[])[] {
  return [...markup.matchAll(/<tr>(.*?)<\/tr>/gs)]
    .map(([, row = '']) => [...row.matchAll(/<td[^>]*>(.*?)<\/td>/gs)])
    .map((cells) => cells.map(([, cell = '']) => cell.replaceAll(/<[^>]*>/g, '').trim()))
    .filter((cells) => cells.length > 0);
}

const fourTargets = [
  { job: 'a', address: 'h-1:80', collector: 'c-0' },
  { job: 'a', address: 'h-2:80', collector: 'c-1' },
  { job: 'b c', address: 'h-3:80', collector: 'c-0' },
  { job: 'b c', address: 'h-4:80', reason: 'no collector on its node' },
];
const pages = [
  '/',
  '/debug/jobs',
  '/debug/job?job_id=a',
  '/debug/targets',
  '/debug/target?target_hash=1',
  '/debug/collector?collector_id=c-0',
  '/debug/resources',
  '/debug/scrape_configs',
];

describe('a page', () => {
  beforeEach(() => {
    t.state.view = new FakeView(['c-0', 'c-1'], fourTargets);
  });

  it.each([
    ['/jobs', 'text/html', true],
    ['/jobs', 'application/json, text/html;q=0.1', true],
    ['/jobs', 'TEXT/HTML', false],
    ['/jobs', '*/*', false],
    ['/scrape_configs', 'text/html,application/xhtml+xml', true],
    ['/scrape_configs', 'text/plain', false],
    ['/', 'application/json', true],
    ['/jobs/a/targets', 'text/html', false],
  ])('at %s for Accept %s: %s', async (url, accept, isPage) => {
    const { headers } = await t.app.inject({ url, headers: { accept } });
    expect(headers['content-type']).toMatch(isPage ? /^text\/html/ : /^application\/json/);
    expect(headers.vary).toContain('Accept');
  });

  it.each(pages)(
    '%s runs nothing, loads nothing from elsewhere and stands in no frame',
    async (url) => {
      const { headers, body, statusCode } = await t.app.inject(url);
      expect(statusCode).toBe(200);
      expect(headers['content-security-policy']).toMatch(/^default-src 'none'; style-src 'self';/);
      expect(headers['content-security-policy']).toContain("frame-ancestors 'none'");
      expect(headers['x-frame-options']).toBe('DENY');
      expect(headers['x-content-type-options']).toBe('nosniff');
      expect(body).not.toMatch(/<script|<style|\sstyle=|\son\w+=|src=|https?:/i);
    },
  );

  it('loads its style and icon from here', async () => {
    const markup = await page('/');
    const links = [...markup.matchAll(/<link rel="\w+" href="([^"]+)"/g)].map(([, url]) => url!);
    expect(links).toEqual(['/ui/app.css', '/ui/icon.svg']);
    const types = await Promise.all(links.map((url) => t.app.inject(url)));
    expect(types.map(({ headers }) => headers['content-type'])).toEqual([
      'text/css; charset=utf-8',
      'image/svg+xml; charset=utf-8',
    ]);
  });

  it('leads only to what exists', async () => {
    for (const url of pages) {
      for (const [, href = ''] of (await page(url)).matchAll(/<a [^>]*href="([^"]+)"/g)) {
        expect((await t.app.inject(href.replaceAll('&amp;', '&'))).statusCode).toBe(200);
      }
    }
  });

  it('says what is not known yet', async () => {
    t.state.unknown = 'waiting for pods';
    expect(await page('/')).toContain('Not known yet: waiting for pods');
    expect(await page('/debug/targets')).toContain('Not known yet: waiting for pods');
  });
});

describe('the overview', () => {
  it('counts what there is and shows how it is spread', async () => {
    t.state.view = new FakeView(['c-0', 'c-1'], fourTargets);
    t.state.scrapeConfigs = servedConfigs([scrapeConfig('a')], [['bad', 'timeout > interval']]);
    t.config.current = partialConfig({ allocationFallbackStrategy: 'least-weighted' });
    const markup = await page('/');
    expect(rowsOf(markup)).toEqual(
      expect.arrayContaining([
        ['1'],
        ['2'],
        ['4'],
        ['consistent-hashing, then least-weighted'],
        ['c-0', '', '2', '2', '2'],
        ['c-1', '', '1', '1', '1'],
        ['served/targets', 'ok', expect.stringMatching(/^generation \d+$/)],
      ]),
    );
  });
});

describe('listings', () => {
  it('show each target with its owner, or the reason why it has none', async () => {
    t.state.view = new FakeView(['c-0', 'c-1'], fourTargets);
    expect(rowsOf(await page('/debug/targets'))).toEqual([
      ['a', 'h-1:80', 'c-0', ''],
      ['a', 'h-2:80', 'c-1', ''],
      ['b c', 'h-3:80', 'c-0', ''],
      ['b c', 'h-4:80', 'unassigned no collector on its node', ''],
    ]);
  });

  it.each([
    ['/debug/targets?job=b+c', ['h-3:80', 'h-4:80']],
    ['/debug/targets?collector=c-1', ['h-2:80']],
    ['/debug/targets?unassigned=true', ['h-4:80']],
    ['/debug/targets?q=h-2', ['h-2:80']],
    ['/debug/targets?q=b+c', ['h-3:80', 'h-4:80']],
    ['/debug/targets?q=nothing', []],
  ])('find what is searched for: %s', async (url, addresses) => {
    t.state.view = new FakeView(['c-0', 'c-1'], fourTargets);
    expect(rowsOf(await page(url)).map(([, address]) => address)).toEqual(addresses);
  });

  it('have 200 rows a page, and links to the pages beside it that keep the search', async () => {
    const many = Array.from({ length: 450 }, (_, i) => ({
      job: 'a&b',
      address: `h-${String(i)}`,
      collector: 'c-0',
    }));
    t.state.view = new FakeView(['c-0'], many);
    const second = await page('/debug/targets?q=h-&page=2');
    expect(rowsOf(second)).toHaveLength(200);
    expect(rowsOf(second)[0]?.[1]).toBe('h-200');
    expect(second).toContain('rel="prev" href="/debug/targets?q=h-&amp;page=1"');
    expect(second).toContain('rel="next" href="/debug/targets?q=h-&amp;page=3"');
    const last = await page('/debug/job?job_id=a%26b&page=3');
    expect(last).toContain('rel="prev" href="/debug/job?job_id=a%26b&amp;page=2"');
    expect(last).not.toContain('rel="next"');
  });

  it('refuse parameters that make no sense, in text', async () => {
    for (const query of ['page=0', 'page=x', 'page=1.5', 'q=a&q=b', 'unassigned=perhaps']) {
      const { statusCode, body } = await t.app.inject(`/debug/targets?${query}`);
      expect(statusCode).toBe(400);
      expect(body).toMatch(/^400 bad request \((page|q|unassigned) must /);
    }
  });

  it('count the targets of jobs, and of one job by collector', async () => {
    t.state.view = new FakeView(['c-0', 'c-1'], fourTargets);
    expect(rowsOf(await page('/debug/jobs'))).toEqual([
      ['a', '2', '0', '3', '1'],
      ['b c', '2', '1', '3', '1'],
    ]);
    const job = rowsOf(await page('/debug/job?job_id=b+c'));
    expect(job.slice(0, 2)).toEqual([
      ['c-0', '1'],
      ['c-1', '0'],
    ]);
    expect(job.slice(2).map(([, address]) => address)).toEqual(['h-3:80', 'h-4:80']);
  });
});

describe('one thing', () => {
  it.each([
    ['/debug/target', 400],
    ['/debug/target?target_hash=', 400],
    ['/debug/target?target_hash=0', 400],
    ['/debug/target?target_hash=abc', 400],
    ['/debug/target?target_hash=-1', 400],
    ['/debug/target?target_hash=18446744073709551616', 400],
    ['/debug/target?target_hash=1&target_hash=2', 400],
    ['/debug/target?target_hash=18446744073709551615', 404],
    ['/debug/collector', 400],
    ['/debug/collector?collector_id=', 400],
    ['/debug/collector?collector_id=nobody', 404],
    ['/debug/job', 400],
    ['/debug/job?job_id=a&job_id=b', 400],
  ])('%s is one page with status %i', async (url, status) => {
    const { statusCode, body } = await t.app.inject(url);
    expect(statusCode).toBe(status);
    expect(body.match(/<!doctype html>/g)).toHaveLength(1);
  });

  it('is found by the whole range of hashes', async () => {
    const hash = '18446744073709551615';
    t.state.view = new FakeView(['c-0'], [{ job: 'a', address: 'h:1', collector: 'c-0', hash }]);
    expect(await page(`/debug/target?target_hash=${hash}`)).toContain('Target: h:1');
  });
});

describe('scrape configs', () => {
  it('are shown with their secrets masked, even where collectors get them in clear', async () => {
    const password = new Secret('hunter2');
    t.state.scrapeConfigs = servedConfigs([scrapeConfig('a', { basic_auth: { password } })]);
    t.config.current = partialConfig({ allowInsecureAuthSecrets: true });
    const markup = await page('/scrape_configs');
    expect(markup).toContain('&quot;password&quot;: &quot;&lt;secret&gt;&quot;');
    expect(markup).not.toContain('hunter2');
  });

  it('are shown with those that are held back, and why', async () => {
    t.state.scrapeConfigs = servedConfigs([scrapeConfig('a')], [['bad', 'timeout > interval']]);
    for (const url of ['/debug/scrape_configs', '/debug/jobs']) {
      expect(rowsOf(await page(url))).toContainEqual(['bad', 'timeout &gt; interval']);
    }
    expect(await page('/debug/job?job_id=bad')).toContain('Held back: timeout &gt; interval');
  });
});
