import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { stringify } from 'yaml';
import { caseNames, loadCase, loadExpectation } from '../conformance/case.js';
import { Allocator } from '../fixtures/allocator.js';
import { eventually } from '../fixtures/eventually.js';
import { freePort } from '../fixtures/free-port.js';
import { Program } from '../fixtures/program.js';
import { realPart } from '../fixtures/real-parts/real-parts.js';
import { ScrapeWitness } from '../fixtures/scrape-witness.js';

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

async function startAllocator(config: object): Promise<Allocator> {
  const allocator = await Allocator.start({ config, env: { OTELCOL_NAMESPACE: 'observability' } });
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
      await writeFile(join(folder, 'prometheus.yml'), stringify(config));
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

/** Cases whose configuration is taken as it is: no collectors of Kubernetes, no custom resources. */
const configCases = ['prometheus-config', 'relabel', 'http-api']
  .flatMap((area) => caseNames(area))
  .filter((name) => loadExpectation(name).startup_error === undefined)
  .filter((name) => typeof loadCase(name).config === 'object');

describe('promtool', { timeout: 60_000 }, () => {
  it.skipIf(promtool === undefined).each(configCases)(
    'accepts every job that is served for %s',
    async (name) => {
      const { config } = loadCase(name);
      const document = (config as { readonly config: { readonly scrape_configs: object[] } })
        .config;
      const allocator = await startAllocator({ ...standalone([]), config: document });
      const served = (await allocator.getJson('/scrape_configs')) as Record<string, object>;
      expect(Object.keys(served)).toHaveLength(document.scrape_configs.length);
      const folder = await mkdtemp(join(tmpdir(), 'promtool-'));
      const file = join(folder, 'prometheus.yml');
      await writeFile(file, stringify({ scrape_configs: Object.values(served) }));
      const check = new Program(promtool ?? '', ['check', 'config', '--syntax-only', file]);
      expect(await check.exited, check.output).toBe(0);
    },
  );
});
