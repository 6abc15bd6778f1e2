import fc from 'fast-check';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { labelSetOf } from '../../../core/labels/label-set.js';
import { FakeView, scrapeConfig, servedConfigs } from '../testing/fake-served-state.js';
import { startTestApp, type TestApp } from '../testing/test-app.js';

let t: TestApp;
beforeAll(async () => {
  t = await startTestApp();
});
beforeEach(() => {
  t.reset();
});
afterAll(() => t.app.close());

const page = async (url: string) => (await t.app.inject(url)).body;

describe('hostile text', () => {
  const hostile = [
    '<script>alert(1)</script>',
    '"><img src=x onerror=alert(1)>',
    "' onmouseover='alert(1)",
    '</td></table><svg/onload=alert(1)>',
    '&lt;script&gt;',
    'javascript:alert(1)',
    '__proto__',
    '${alert(1)}',
    '\u202eevil\r\n\0',
  ];
  /** The tags of a page with the names of their attributes, without the values. */
  const tagsOf = (markup: string) =>
    markup.match(/<[a-z!/](?:[^>"]|"[^"]*")*>/gi)?.map((tag) => tag.replaceAll(/"[^"]*"/g, '""'));

  it.each(hostile)('is data on every page, wherever it stands: %j', async (text) => {
    const show = async (name: string) => {
      const labels = labelSetOf([
        [name, name],
        ['__meta_kubernetes_namespace', name],
      ]);
      const owned = { job: name, address: name, collector: name, labels };
      t.state.view = new FakeView([name], [owned, { job: name, address: name, reason: name }]);
      t.state.scrapeConfigs = servedConfigs(
        [scrapeConfig(name, { metrics_path: name })],
        [[name, name]],
      );
      t.state.unknown = name;
      const urls = [
        '/',
        '/debug/jobs',
        `/debug/job?job_id=${encodeURIComponent(name)}&q=${encodeURIComponent(name)}`,
        `/debug/targets?q=${encodeURIComponent(name)}&job=${encodeURIComponent(name)}`,
        '/debug/target?target_hash=1',
        `/debug/collector?collector_id=${encodeURIComponent(name)}`,
        `/debug/collector?collector_id=${encodeURIComponent(`no ${name}`)}`,
        '/debug/scrape_configs',
      ];
      return Promise.all(urls.map((url) => page(url)));
    };
    const harmless = await show('harmless');
    const shown = await show(text);
    // The same elements and attributes in the same order: nothing of the text became markup.
    expect(shown.map(tagsOf)).toEqual(harmless.map(tagsOf));
    for (const markup of shown) expect(markup).not.toMatch(/href="(?!\/)/);
  });

  it('cannot leave a cell or an attribute, whatever it is', async () => {
    const text = fc.string({ unit: fc.constantFrom('<', '>', '"', "'", '&', '=', '/', ' ', 'a') });
    t.state.view = new FakeView(['c-0'], []);
    await fc.assert(
      fc.asyncProperty(text, async (q) => {
        const markup = await page(`/debug/targets?page=2&q=${encodeURIComponent(q)}`);
        const value = /<input type="search" name="q" value="([^"<>]*)" aria-label="Search"/.exec(
          markup,
        );
        expect(unescape(value?.[1] ?? 'missing')).toBe(q);
      }),
      { numRuns: 50 },
    );
  });
});

function unescape(text: string): string {
  const signs: Record<string, string> = { amp: '&', lt: '<', gt: '>', quot: '"', '#39': "'" };
  return text.replaceAll(/&(amp|lt|gt|quot|#39);/g, (_, name: string) => signs[name]!);
}
