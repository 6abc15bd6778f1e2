import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Allocator } from '../../fixtures/allocator.js';
import { isClusterAvailable } from '../../fixtures/cluster/cluster.js';
import { documentOf, isChromiumAvailable } from './chromium.js';
import {
  configsOf,
  MonitoringCluster,
  serviceMonitor,
  watchingConfig,
} from './monitoring-cluster.js';

const html = { accept: 'text/html' };
const job = 'scrapeConfig/constructor/constructor';

const texts: readonly string[] = [
  '<script>alert(1)</script>',
  '</pre><img src=x onerror=alert(1)>',
  '"\'><svg/onload=alert(1)>',
  'line\r\none{"level":"error"}\n',
  '\u2028next\u2029\u0085',
  '\u202etxet',
  '😀\u0000\ufeff',
  '&lt;b&gt; {{x}} ${y} $1 %s',
];
const hostile = texts.join('');
/** A million bytes. */
const large = '😀'.repeat(250_000);

/** Names that objects have of themselves; each is a label of the target. */
const labels: Readonly<Record<string, string>> = Object.fromEntries([
  ...['__proto__', 'constructor', 'toString', 'hasOwnProperty'].map((name) => [name, hostile]),
  ['large', large],
]) as Readonly<Record<string, string>>;

// Fault row 37.
describe.skipIf(!isClusterAvailable)('content that is meant to break something', () => {
  let monitoring: MonitoringCluster;
  let allocator: Allocator;

  beforeAll(async () => {
    monitoring = await MonitoringCluster.start(['scrapeconfigs', 'servicemonitors'], {
      takesAnything: true,
    });
    await monitoring.namespace('constructor');
    await monitoring.create(
      'scrapeconfigs',
      'constructor/constructor',
      { staticConfigs: [{ targets: ['a:1'], labels }], params: { ['__proto__']: [hostile] } },
      { constructor: 'x' },
    );
    await monitoring.create('servicemonitors', 'constructor/valueof', serviceMonitor());
    await monitoring.patch('servicemonitors', 'constructor/valueof', {
      metadata: { labels: { constructor: '' }, annotations: { constructor: hostile } },
    });
    await monitoring.create('servicemonitors', 'constructor/refused', {
      ...serviceMonitor({ relabelings: [{ regex: `(${hostile}`, action: hostile }] }),
    });
    allocator = await monitoring.allocator(watchingConfig(), {
      flags: ['--zap-log-level', 'debug'],
    });
    await allocator.waitUntilReady();
  });
  afterAll(async () => {
    await allocator.stop();
    await monitoring.stop();
  });

  it('is the same bytes in every answer', async () => {
    const path = `/jobs/${encodeURIComponent(job)}/targets?collector_id=c-0`;
    const [target] = (await allocator.getJson(path)) as readonly { readonly labels: object }[];
    for (const [name, value] of Object.entries(labels)) {
      expect(Object.getOwnPropertyDescriptor(target?.labels, name)?.value === value, name).toBe(
        true,
      );
    }
    const config = (await configsOf(allocator))[job];
    const shown = config as {
      readonly params: object;
      readonly static_configs: readonly unknown[];
    };
    expect(Object.getOwnPropertyDescriptor(shown.params, '__proto__')?.value).toEqual([hostile]);
    expect(Object.keys(await configsOf(allocator))).toContain(
      'serviceMonitor/constructor/valueof/0',
    );
  });

  it('is text on every page, never markup', async () => {
    const pages = await Promise.all(pageUrls().map((url) => allocator.get(url, html)));
    for (const { status, text } of pages) {
      expect(status).toBe(200);
      expect(/<script|<svg|onerror=alert\(1\)>|<img/.test(text)).toBe(false);
    }
    expect(pages.filter(({ text }) => text.includes('&lt;script&gt;alert')).length).toBeGreaterThan(
      1,
    );
  });

  it.skipIf(!isChromiumAvailable)('makes no element in a browser', async () => {
    for (const url of pageUrls()) {
      const document = await documentOf(`${allocator.url}${url}`);
      expect(document).toContain('</html>');
      expect(/<script|<svg|<img/.test(document)).toBe(false);
    }
  });

  it('is told of in one line for each event, whose breaks are escaped', async () => {
    const { output } = allocator.program;
    const lines = output.trimEnd().split('\n');
    for (const line of lines) {
      expect(() => JSON.parse(line) as unknown, line.slice(0, 200)).not.toThrow();
    }
    expect(/[\r\u0000\u2028\u2029\u0085]/.test(output)).toBe(false);
    const told = lines.filter((line) => line.includes('"name":"refused"'));
    expect(told).toHaveLength(1);
    expect(told[0]).toContain('custom resource is rejected');
    expect(output.length).toBeLessThan(1_000_000);
  });

  it('leaves metrics that can be read', async () => {
    const { text } = await allocator.get('/metrics');
    const series = /^[a-zA-Z_:][\w:]*(?:{(?:\w+="(?:[^"\\\n]|\\["\\n])*",?)*})? \S+$/;
    const odd = text.split('\n').filter((line) => line !== '' && !line.startsWith('#'));
    expect(odd.filter((line) => !series.test(line))).toEqual([]);
  });

  function pageUrls(): readonly string[] {
    const name = encodeURIComponent(job);
    return [
      ...['/', '/debug/jobs', '/debug/targets', '/debug/scrape_configs', '/debug/resources'],
      ...[`/debug/job?job_id=${name}`, `/debug/targets?job=${name}`, '/scrape_configs'],
      '/debug/resources?q=refused',
    ];
  }
});
