import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Allocator } from '../../fixtures/allocator.js';
import { isClusterAvailable } from '../../fixtures/cluster/cluster.js';
import { configsOf, jobsOf, MonitoringCluster, watchingConfig } from './monitoring-cluster.js';
import {
  costlyExpressions,
  largeExpressions,
  refusedExpressions,
  slowExpressions,
  slowText,
} from './slow-expressions.js';

const settled = { timeout: 90_000, interval: 250 };
const own = { job_name: 'own', static_configs: [{ targets: ['a:1'] }] };

/** A ScrapeConfig whose only target is relabelled with an expression on a text. */
const relabelling = (regex: string, text: string): object => ({
  staticConfigs: [{ targets: ['b:1'], labels: { text } }],
  relabelings: [
    { sourceLabels: ['text'], regex, targetLabel: 'first', replacement: '$1' },
    { sourceLabels: ['text'], regex, action: 'Drop' },
  ],
});

// Fault row 36.
describe.skipIf(!isClusterAvailable)('expressions that take time elsewhere', () => {
  let monitoring: MonitoringCluster;
  let allocator: Allocator;

  beforeAll(async () => {
    monitoring = await MonitoringCluster.start(['scrapeconfigs'], { takesAnything: true });
    await monitoring.namespace('tenant');
    allocator = await monitoring.allocator(watchingConfig({}, [own]));
    await allocator.waitUntilReady();
  });
  afterAll(async () => {
    await allocator.stop();
    await monitoring.stop();
  });

  const names = (prefix: string, of: readonly string[]): readonly string[] =>
    of.map((_, n) => `scrapeConfig/tenant/${prefix}-${String(n)}`);

  async function createAll(
    prefix: string,
    expressions: readonly string[],
    text: string,
  ): Promise<void> {
    for (const [n, regex] of expressions.entries()) {
      const key = `tenant/${prefix}-${String(n)}`;
      await monitoring.create('scrapeconfigs', key, relabelling(regex, text));
    }
  }

  const pathOf = (job: string): string =>
    `/jobs/${encodeURIComponent(job)}/targets?collector_id=c-0`;

  /** Asks as probes and collectors do until it is told to stop; all must be answered. */
  async function keepAsking(isOver: () => boolean): Promise<number> {
    let rounds = 0;
    while (!isOver()) {
      expect((await allocator.get('/livez')).status).toBe(200);
      expect((await allocator.get(pathOf('own'))).text).toContain('a:1');
      rounds += 1;
    }
    return rounds;
  }

  it('are served and applied to long texts, while others get their answers', async () => {
    expect(slowExpressions).toHaveLength(200);
    let isOver = false;
    const asking = keepAsking(() => isOver);
    try {
      await createAll('slow', slowExpressions, slowText);
      await createAll('large', largeExpressions, 'a');
      const expected = names('slow', slowExpressions).concat(names('large', largeExpressions));
      await expect
        .poll(() => jobsOf(allocator), settled)
        .toEqual(expect.arrayContaining([...expected]));
      for (const job of expected) {
        const isKnown = async () => (await allocator.get(pathOf(job))).status;
        await expect.poll(isKnown, settled).toBe(200);
      }
    } finally {
      isOver = true;
    }
    expect(await asking).toBeGreaterThan(0);
    const { text } = await allocator.get('/metrics');
    expect(text).toMatch(/^nodejs_eventloop_lag_p99_seconds(?:{[^}]*})? [0-9.e-]+$/m);
  });

  it('decide as they should', async () => {
    // The text has an exclamation mark at its end, which a piece such as [a-z] does not match.
    const outcome = async (regex: string) =>
      (
        await allocator.get(
          pathOf(`scrapeConfig/tenant/slow-${String(slowExpressions.indexOf(regex))}`),
        )
      ).text;
    expect(await outcome('(a+)+$')).toContain('b:1');
    expect(await outcome('(.+)+$')).toBe('[]');
    expect(await outcome('([^b]+)+$')).toBe('[]');
  });

  it('are refused where they would hold up everybody else', async () => {
    const before = Object.keys(await configsOf(allocator));
    await createAll('costly', costlyExpressions, 'a');
    for (const job of names('costly', costlyExpressions)) {
      const [, , name = ''] = job.split('/');
      await allocator.program.waitForOutput(new RegExp(`"name":"${name}"[^\n]*repetitions`));
    }
    expect(Object.keys(await configsOf(allocator))).toEqual(before);
  });

  it('are refused where RE2 does, which is told, and leave the others as they are', async () => {
    const before = Object.keys(await configsOf(allocator));
    await createAll('refused', refusedExpressions, 'a');
    for (const job of names('refused', refusedExpressions)) {
      const [, , name = ''] = job.split('/');
      await allocator.program.waitForOutput(new RegExp(`"name":"${name}"[^\n]*regex`));
    }
    expect(Object.keys(await configsOf(allocator))).toEqual(before);
  });
});
