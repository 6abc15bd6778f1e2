import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { FakeView } from '../testing/fake-served-state.js';
import { fakeResource } from '../testing/fake-resource.js';
import { startTestApp, type TestApp } from '../testing/test-app.js';

let t: TestApp;
beforeAll(async () => {
  t = await startTestApp();
});
beforeEach(() => {
  t.reset();
  for (const kind of ['ServiceMonitor', 'PodMonitor']) {
    t.resources.setKind({ kind, state: 'watching', message: undefined, seen: 9, selected: 2 });
  }
});
afterAll(() => t.app.close());

const page = async (url: string) => {
  const { statusCode, headers, body } = await t.app.inject(url);
  expect([statusCode, headers['content-type']]).toEqual([200, 'text/html; charset=utf-8']);
  expect(headers['content-security-policy']).toMatch(/^default-src 'none'/);
  return body;
};
const shown = (markup: string) =>
  ['web', 'bad', 'late'].filter((name) => markup.includes(`>shop/${name}</a>`));

describe('/debug/resources', () => {
  beforeEach(() => {
    t.resources.set(fakeResource('web', { jobs: ['serviceMonitor/shop/web/0'] }));
    t.resources.set(fakeResource('bad', { state: 'rejected', reasons: ['regex is "("'] }));
    t.resources.set(fakeResource('late', { kind: 'PodMonitor', state: 'pending' }));
  });

  it('shows resources with their jobs and reasons, and how kinds fare', async () => {
    t.resources.setKind({
      kind: 'Probe',
      state: 'absent',
      message: 'no CRD',
      seen: 0,
      selected: 0,
    });
    const markup = await page('/debug/resources');
    expect(markup).toContain('regex is &quot;(&quot;');
    expect(markup).toContain('href="/debug/job?job_id=serviceMonitor%2Fshop%2Fweb%2F0"');
    expect(markup).toContain('no CRD');
    expect(shown(markup)).toEqual(['web', 'bad', 'late']);
  });

  it.each([
    ['?state=rejected', ['bad']],
    ['?kind=PodMonitor', ['late']],
    ['?namespace=nothing', []],
    ['?q=regex', ['bad']],
    ['?q=web%2F0', ['web']],
    ['?q=shop%2F', ['web', 'bad', 'late']],
    ['?kind=PodMonitor&q=web', []],
  ])('finds what %s asks for', async (query, names) => {
    expect(shown(await page(`/debug/resources${query}`))).toEqual(names);
  });

  it('is linked from every page, from the overview with the number of rejected ones', async () => {
    const markup = await page('/');
    expect(markup).toContain('<a href="/debug/resources">Custom resources</a>');
    expect(markup).toMatch(
      /<a href="\/debug\/resources\?state=rejected">Rejected<\/a><\/th>\s*<td>1<\/td>/,
    );
  });

  it('is linked from the page of a job that was made of a resource', async () => {
    t.state.view = new FakeView([], [{ job: 'serviceMonitor/shop/web/0', address: 'h:1' }]);
    const markup = await page('/debug/job?job_id=serviceMonitor/shop/web/0');
    const [, href = ''] = /Made of the ServiceMonitor <a href="([^"]+)"/.exec(markup) ?? [];
    expect(shown(await page(href.replaceAll('&amp;', '&')))).toEqual(['web']);
    expect(await page('/debug/job?job_id=other')).not.toContain('Made of');
  });

  it('shows many resources in pages that keep the filter, and few of many jobs', async () => {
    for (let n = 0; n < 250; n++) {
      const jobs = Array.from({ length: 25 }, (_, i) => `job-${String(n)}-${String(i)}`);
      t.resources.set(fakeResource(`many-${String(n)}`, { namespace: 'm', jobs }));
    }
    const first = await page('/debug/resources?namespace=m');
    expect(first.match(/>m\/many-/g)).toHaveLength(200);
    expect(first).toContain('rel="next" href="/debug/resources?namespace=m&amp;page=2"');
    expect(first).toContain('and 5 more');
    expect((await page('/debug/resources?namespace=m&page=2')).match(/>m\/many-/g)).toHaveLength(
      50,
    );
  });

  it.each(['state=fine', 'page=0', 'kind=a&kind=b'])('refuses ?%s in text', async (query) => {
    const { statusCode, body } = await t.app.inject(`/debug/resources?${query}`);
    expect(statusCode).toBe(400);
    expect(body).toMatch(/^400 bad request \((state|page|kind) must /);
  });
});

describe('hostile text', () => {
  const tagsOf = (markup: string) =>
    markup.match(/<[a-z!/](?:[^>"]|"[^"]*")*>/gi)?.map((tag) => tag.replaceAll(/"[^"]*"/g, '""'));
  const show = async (text: string) => {
    t.resources.setKind({
      kind: 'Probe',
      state: 'absent',
      message: text,
      seen: 0,
      selected: 0,
    });
    const resource = fakeResource(text, {
      namespace: text,
      state: 'rejected',
      reasons: [text],
      jobs: [text],
    });
    t.resources.set(resource);
    const encoded = encodeURIComponent(text);
    const pages = await Promise.all(
      [
        '/',
        `/debug/resources?q=${encoded}&kind=ServiceMonitor&namespace=${encoded}`,
        `/debug/job?job_id=${encoded}`,
      ].map((url) => page(url)),
    );
    t.resources.delete(resource.resource);
    return pages;
  };

  it.each([
    '<script>alert(1)</script>',
    '"><img src=x onerror=alert(1)>',
    "' onmouseover='alert(1)",
    '</td></table><svg/onload=alert(1)>',
    'javascript:alert(1)',
    '__proto__',
    'constructor',
    '\u202Eevil\r\n\0',
    '😀',
  ])('is data on the pages of resources: %j', async (text) => {
    const harmless = await show('harmless');
    const hostile = await show(text);
    expect(hostile.map(tagsOf)).toEqual(harmless.map(tagsOf));
    for (const markup of hostile) expect(markup).not.toMatch(/href="(?!\/)/);
  });
});
