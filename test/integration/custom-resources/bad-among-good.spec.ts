import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Allocator } from '../../fixtures/allocator.js';
import { isClusterAvailable } from '../../fixtures/cluster/cluster.js';
import { invalidResources } from './invalid-resources.js';
import {
  allPlurals,
  configsOf,
  jobsOf,
  MonitoringCluster,
  serviceMonitor,
  watchingConfig,
} from './monitoring-cluster.js';
import { takenByPrometheus } from '../../oracle/promtool.js';
import { realPart } from '../../fixtures/real-parts/real-parts.js';
import { yamlText } from '../../fixtures/yaml-text.js';

const settled = { timeout: 90_000, interval: 250 };
const goodCount = 200;
const promtool = realPart('promtool');

describe.skipIf(!isClusterAvailable)('bad resources among good ones', () => {
  let monitoring: MonitoringCluster;
  let allocator: Allocator;

  beforeAll(async () => {
    monitoring = await MonitoringCluster.start(allPlurals, { takesAnything: true });
    await monitoring.namespace('good');
    await monitoring.namespace('bad');
    for (let n = 0; n < goodCount; n += 1) {
      await monitoring.create('servicemonitors', `good/m-${String(n)}`, serviceMonitor());
    }
    for (const { plural, name, spec } of invalidResources) {
      await monitoring.create(plural, `bad/${name}`, spec);
    }
    allocator = await monitoring.allocator(watchingConfig({ deny_fs_access_through_sms: true }));
    await allocator.waitUntilReady();
  });
  afterAll(async () => {
    await allocator.stop();
    await monitoring.stop();
  });

  // Fault row 38.
  it('leave every good one served, and are each told of with a reason', async () => {
    const jobs = await jobsOf(allocator);
    expect(jobs.filter((job) => job.startsWith('serviceMonitor/good/'))).toHaveLength(goodCount);
    expect(jobs.filter((job) => job.includes('/bad/'))).toEqual([]);
    const answer = await allocator.getJson('/api/v1/resources');
    const text = JSON.stringify(answer);
    for (const { name } of invalidResources) expect(text).toContain(name);
    const { output } = allocator.program;
    for (const { name } of invalidResources) {
      const lines = output.split('\n').filter((line) => line.includes(`"name":"${name}"`));
      expect(lines, name).toHaveLength(1);
      expect(lines[0], name).toContain('custom resource is rejected');
    }
  });

  it.skipIf(promtool === undefined)('leave a configuration that Prometheus takes', async () => {
    const document = yamlText({ scrape_configs: Object.values(await configsOf(allocator)) });
    const [verdict] = await takenByPrometheus(promtool ?? '', [document]);
    expect(verdict, verdict?.said).toMatchObject({ isTaken: true });
  });

  // Fault row 17.
  it('with odd and unknown fields harm nobody', async () => {
    await monitoring.patch('servicemonitors', 'good/m-0', {
      metadata: {
        labels: { constructor: 'x', toString: '' },
        annotations: { a: '\u202e<script>\r\n', b: '😀' },
      },
    });
    await monitoring.create('servicemonitors', 'good/odd', {
      ...serviceMonitor(),
      fieldOfTomorrow: { deep: [1, null, { constructor: 'x' }] },
    });
    await expect.poll(() => jobsOf(allocator), settled).toContain('serviceMonitor/good/odd/0');
    expect((await jobsOf(allocator)).filter((job) => job.includes('/good/'))).toHaveLength(
      goodCount + 1,
    );
  });

  // Fault row 37.
  it('with names and values that are meant to break something are data only', async () => {
    const value = '</script><script>alert(1)</script>\u2028"\'\\ 😀 \u202e';
    await monitoring.create('servicemonitors', 'good/hostile', {
      ...serviceMonitor({
        params: { constructor: [value], toString: ['x'.repeat(100_000)] },
        relabelings: [
          { targetLabel: '__proto__', replacement: value, action: 'replace' },
          { targetLabel: 'constructor', replacement: value, action: 'replace' },
        ],
      }),
    });
    const job = 'serviceMonitor/good/hostile/0';
    await expect.poll(() => jobsOf(allocator), settled).toContain(job);
    const config = (await configsOf(allocator))[job] as {
      readonly params: Readonly<Record<string, readonly string[]>>;
    };
    expect(config.params.constructor).toEqual([value]);
    expect(JSON.stringify(config)).toContain('"__proto__"');
    expect(
      allocator.program.output.split('\n').filter((line) => line.includes('alert(1)')),
    ).toEqual([]);
  });

  // Fault row 36.
  it('with expressions that take time elsewhere hold up nobody', async () => {
    const expressions = [
      '(a+)+$',
      `(${'a|'.repeat(50_000)}b)`,
      '(.*)*'.repeat(50),
      '((a{1,100}){1,10})*b',
    ];
    for (const [n, regex] of expressions.entries()) {
      const relabelings = [{ sourceLabels: ['__address__'], regex, action: 'keep' }];
      await monitoring.create(
        'servicemonitors',
        `bad/slow-${String(n)}`,
        serviceMonitor({ relabelings }),
      );
    }
    await monitoring.create('servicemonitors', 'good/after', serviceMonitor());
    await expect.poll(() => jobsOf(allocator), settled).toContain('serviceMonitor/good/after/0');
  });

  // Fault row 35; each field by itself is in the table of file-references.spec.ts.
  it('that come to name files keep what they were', async () => {
    await monitoring.patch('servicemonitors', 'good/m-1', {
      spec: { endpoints: [{ port: 'http', bearerTokenFile: '/var/run/secrets/token' }] },
    });
    await allocator.program.waitForOutput(/"name":"m-1"[^\n]*deny_fs_access_through_sms/);
    expect(JSON.stringify((await configsOf(allocator))['serviceMonitor/good/m-1/0'])).not.toContain(
      'token',
    );
    expect(await jobsOf(allocator)).toContain('serviceMonitor/good/m-1/0');
  });
});
