import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Allocator } from '../fixtures/allocator.js';
import { Cluster, isClusterAvailable } from '../fixtures/cluster/cluster.js';
import { startOtelCollector } from '../fixtures/otel-collector.js';
import type { Program } from '../fixtures/program.js';
import { realPart } from '../fixtures/real-parts/real-parts.js';
import { ScrapeWitness } from '../fixtures/scrape-witness.js';
import { oneScraperEach } from './one-scraper-each.js';
import { longestGapMs, scrapersByTarget } from './scrape-window.js';

/** Three real collectors scrape sixty targets through the allocator, on a real kube-apiserver. */
const otelcol = realPart('otelcol');

const namespace = 'observability';
const targetCount = 60;
const collectorNames = ['collector-0', 'collector-1', 'collector-2'];
const scrapeIntervalMs = 2_000;
/** A target is scraped once in each interval; a scrape loop that starts anew may shift it by up to another one. */
const longestAllowedGapMs = 2.5 * scrapeIntervalMs;

describe.skipIf(!isClusterAvailable || otelcol === undefined)(
  'three real collectors',
  { timeout: 240_000 },
  () => {
    let cluster: Cluster;
    let witness: ScrapeWitness;
    let allocator: Allocator;
    const collectors = new Map<string, Program>();

    async function addCollector(name: string): Promise<void> {
      await cluster.pods.create(namespace, name, {
        labels: { app: 'collector' },
        node: `node-of-${name}`,
      });
      collectors.set(
        name,
        await startOtelCollector({
          program: otelcol ?? '',
          name,
          allocatorUrl: allocator.url,
          interval: '2s',
        }),
      );
    }

    beforeAll(async () => {
      cluster = await Cluster.start();
      await cluster.createNamespace(namespace);
      witness = await ScrapeWitness.start(targetCount);
      const jobs = [0, 1, 2].map((j) => ({
        // Needs escaping in a path, as names of real jobs do.
        job_name: `team/${String(j)} x`,
        scrape_interval: '2s',
        scrape_timeout: '1s',
        static_configs: [{ targets: witness.addresses.filter((_, i) => i % 3 === j) }],
      }));
      allocator = await Allocator.start({
        kubeconfigPath: await cluster.kubeConfig(),
        env: { OTELCOL_NAMESPACE: namespace },
        config: {
          collector_selector: { matchlabels: { app: 'collector' } },
          allocation_strategy: 'consistent-hashing',
          config: { scrape_configs: jobs },
        },
      });
      await Promise.all(collectorNames.map(addCollector));
    });

    afterAll(async () => {
      for (const program of collectors.values()) await program.kill();
      await allocator.stop();
      await witness.stop();
      await cluster.stop();
    });

    function expectOneScraperEach(names: readonly string[]): Promise<void> {
      return oneScraperEach(witness, { targets: targetCount, names, scrapeIntervalMs });
    }

    it('scrape each target exactly once', async () => {
      await expectOneScraperEach(collectorNames);
    });

    it('take over the targets of one that is lost', async () => {
      await collectors.get('collector-2')?.kill();
      await cluster.pods.delete(namespace, 'collector-2');
      await expectOneScraperEach(['collector-0', 'collector-1']);
    });

    it('share their targets with one that comes', async () => {
      await addCollector('collector-2');
      await expectOneScraperEach(collectorNames);
    });

    /** Kills the allocator again and again, and watches what the collectors do all the while. */
    async function killAndRestart(delaysMs: readonly number[]): Promise<void> {
      const fromMs = performance.now();
      const before = scrapersByTarget(witness.since(fromMs - 3 * scrapeIntervalMs), targetCount);
      const empties = watchForEmptyAnswers(allocator);
      for (const delayMs of delaysMs) {
        await allocator.program.kill();
        allocator.restart();
        await sleep(delayMs);
      }
      await allocator.waitUntilReady();
      // Collectors ask every 2 s and act on what they hear within 5 s.
      await sleep(8 * scrapeIntervalMs);
      const toMs = performance.now();
      expect(await empties.stop(), 'answers that collectors take for "nothing"').toEqual([]);
      const scrapes = witness.since(fromMs);
      expect(longestGapMs(scrapes, targetCount, { fromMs, toMs })).toBeLessThan(
        longestAllowedGapMs,
      );
      expect(scrapersByTarget(scrapes, targetCount)).toEqual(before);
    }

    it('miss no scrape when the allocator is killed and comes back', async () => {
      await killAndRestart([1_000]);
    });

    it('miss no scrape when the allocator is killed again and again, at any moment of its start', async () => {
      const delaysMs = Array.from({ length: 8 }, () => Math.round(Math.random() * 3_000));
      console.log(`killed after ${delaysMs.join(', ')} ms`);
      await killAndRestart(delaysMs);
    });
  },
);

/** Asks as collectors do, only faster, and keeps what would cost a collector its jobs or targets. */
function watchForEmptyAnswers(allocator: Allocator): { stop: () => Promise<readonly string[]> } {
  const found = new Set<string>();
  let isStopped = false;
  const paths = ['/scrape_configs', '/jobs/team%2F0%20x/targets?collector_id=collector-0'];
  async function ask(): Promise<void> {
    while (!isStopped) {
      for (const path of paths) {
        // No answer at all costs a collector nothing.
        const answer = await allocator.get(path).catch(() => undefined);
        if (answer !== undefined && ['', '{}', '[]'].includes(answer.text.trim())) {
          found.add(`${path}: ${String(answer.status)} ${JSON.stringify(answer.text)}`);
        }
      }
      await sleep(20);
    }
  }
  const asking = ask();
  return {
    stop: async () => {
      isStopped = true;
      await asking;
      return [...found];
    },
  };
}
