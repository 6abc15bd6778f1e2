import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { caseNames, loadCase, loadExpectation } from '../conformance/case.js';
import { mapStrings, type JsonObject } from '../conformance/json.js';
import { Allocator } from '../fixtures/allocator.js';
import { eventually } from '../fixtures/eventually.js';
import { freePort } from '../fixtures/free-port.js';
import { Program } from '../fixtures/program.js';
import { realPart } from '../fixtures/real-parts/real-parts.js';
import { ScrapeWitness } from '../fixtures/scrape-witness.js';
import { yamlText } from '../fixtures/yaml-text.js';

const prometheus = realPart('prometheus');
const promtool = realPart('promtool');

const stops: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const stop of stops.splice(0).toReversed()) await stop();
});

function standalone(scrapeConfigs: readonly object[]): object {
  return {
    collector_source: { type: 'static', collectors: [{ name: 'prometheus-0' }] },
    config: { scrape_configs: scrapeConfigs },
  };
}

async function startAllocator(config: object, flags: readonly string[] = []): Promise<Allocator> {
  const allocator = await Allocator.start({ config, flags });
  stops.push(() => allocator.stop());
  await allocator.waitUntilReady();
  return allocator;
}

describe('a real Prometheus', { timeout: 120_000 }, () => {
  it.skipIf(prometheus === undefined)(
    'scrapes what the allocator gives to it over http_sd',
    async () => {
      const witness = await ScrapeWitness.start(6);
      stops.push(() => witness.stop());
      const job = { job_name: 'shop/a b', static_configs: [{ targets: witness.addresses }] };
      const allocator = await startAllocator(standalone([job]));
      const targetsUrl = `${allocator.url}/jobs/shop%2Fa%20b/targets?collector_id=prometheus-0`;
      const folder = await mkdtemp(join(tmpdir(), 'prometheus-'));
      const config = {
        global: { scrape_interval: '1s' },
        scrape_configs: [
          { job_name: 'http', http_sd_configs: [{ url: targetsUrl, refresh_interval: '1s' }] },
        ],
      };
      await writeFile(join(folder, 'prometheus.yml'), yamlText(config));
      const program = new Program(prometheus ?? '', [
        `--config.file=${join(folder, 'prometheus.yml')}`,
        `--storage.tsdb.path=${join(folder, 'data')}`,
        `--web.listen-address=127.0.0.1:${String(await freePort())}`,
      ]);
      stops.push(() => program.kill());
      await eventually(
        'all six targets are scraped',
        () => new Set(witness.scrapes.map(({ target }) => target)).size === 6 || undefined,
      );
    },
  );
});

/** Cases whose Prometheus configuration is accepted by the Go allocator. */
const configCases = ['prometheus-config', 'relabel', 'http-api']
  .flatMap((area) => caseNames(area))
  .filter((name) => loadExpectation(name).startup_error === undefined)
  .filter((name) => typeof loadCase(name).config === 'object');

type Job = Readonly<Record<string, unknown>>;

function jobsOf(name: string): readonly Job[] {
  const { config } = loadCase(name) as { readonly config: JsonObject };
  // The case's own file and HTTP servers do not run here; only what is served for its jobs counts.
  const local = mapStrings(config, (text) =>
    text.replace('${HTTP_SD}', 'http://127.0.0.1:9').replace('${CASE_DIR}', '/nowhere'),
  );
  const document = (local as JsonObject)['config'] as { readonly scrape_configs: readonly Job[] };
  return document.scrape_configs;
}

/** What the receiver makes of a job: targets come from the allocator, whatever discovery the job names. */
function asReceived(job: Job): Job {
  const others = Object.entries(job).filter(
    ([key]) => key !== 'static_configs' && !key.endsWith('_sd_configs'),
  );
  return { ...Object.fromEntries(others), http_sd_configs: [{ url: 'http://127.0.0.1:9/' }] };
}

async function checkWithPromtool(
  jobs: readonly Job[],
): Promise<{ exitCode: unknown; output: string }> {
  const folder = await mkdtemp(join(tmpdir(), 'promtool-'));
  stops.push(() => rm(folder, { recursive: true }));
  const file = join(folder, 'prometheus.yml');
  await writeFile(file, yamlText({ scrape_configs: jobs }));
  const check = new Program(promtool ?? '', ['check', 'config', '--syntax-only', file]);
  return { exitCode: await check.exited, output: check.output };
}

describe('promtool', { timeout: 60_000 }, () => {
  it.skipIf(promtool === undefined).each(configCases)(
    'accepts every job that is served for %s',
    async (name) => {
      const written = jobsOf(name);
      const allocator = await startAllocator(standalone(written), ['--startup-timeout=1s']);
      const served = (await allocator.getJson('/scrape_configs')) as Record<string, Job>;
      const jobs = Object.values(served);
      expect(jobs).toHaveLength(written.length);
      const received = await checkWithPromtool(jobs.map(asReceived));
      expect(received.exitCode, received.output).toBe(0);
      // promtool looks at static targets too, and some cases are about targets that end badly, or about unknown fields.
      if ((await checkWithPromtool(written)).exitCode !== 0) return;
      const asServed = await checkWithPromtool(jobs);
      expect(asServed.exitCode, asServed.output).toBe(0);
    },
  );
});
