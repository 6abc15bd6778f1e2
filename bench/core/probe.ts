import { AllocationEngine, type EngineJob } from '../../src/core/allocation/engine.js';
import type { Collector } from '../../src/core/allocation/collector.js';
import type { AllocationStrategy } from '../../src/core/allocation/strategy.js';
import { loadXxhash64 } from '../../src/core/hash/xxhash64.js';
import { relabelConfigFilter } from '../../src/plugins/filters/relabel-config/relabel-config-filter.js';
import { consistentHashing } from '../../src/plugins/strategies/consistent-hashing/consistent-hashing.js';
import { leastWeighted } from '../../src/plugins/strategies/least-weighted/least-weighted.js';
import type { PluginContext, ScrapeConfig } from '../../src/plugin-api/index.js';
import { perNode } from '../../src/plugins/strategies/per-node/per-node.js';
import { median } from '../measure/statistics.js';
import { Floor } from './floor.js';
import { ruleSets, type RuleSet } from './rules.js';
import { Stopwatch, type Cost } from './stopwatch.js';
import { nodeName, podGroup, type Workload } from './workload.js';

// The measured side of bench/core.ts: one engine, filled once.

export interface CoreInput extends Workload {
  readonly rules: RuleSet;
  readonly strategy: string;
}

const jobs = 10;
const collectors = 10;
const changes = 31;
/** Made and applied at a time, so that what is measured never holds the whole input. */
const batch = 5_000;

/** None of what is built in asks for anything. */
const noContext = {} as PluginContext;
const strategies: Readonly<Record<string, () => AllocationStrategy>> = {
  'consistent-hashing': () => consistentHashing.create(undefined, noContext),
  'least-weighted': () => leastWeighted.create(undefined, noContext),
  'per-node': () => perNode.create(undefined, noContext),
};

const input = JSON.parse(process.argv[2] ?? '') as CoreInput;
await loadXxhash64();
process.send?.(measure(input));

function measure({ strategy, ...given }: CoreInput): Record<string, number> {
  const make = strategies[strategy];
  if (make === undefined) throw new Error(`there is no strategy "${strategy}"`);
  const before = memory();
  const engine = new AllocationEngine({ strategy: make(), hashSeed: 7, maxBodyBytes: 2 ** 40 });
  const watch = new Stopwatch();
  watch.run(engine.setJobs(Array.from({ length: jobs }, (_, n) => job(n, given.rules))));
  watch.run(engine.setCollectors(fleet(collectors)));
  const { cold, floor } = fill(engine, given);
  const after = memory();
  const changed = Array.from({ length: changes }, (_, n) => changeOne(engine, given, n));
  const rendered = renderAll(engine);
  const joined = watch.run(engine.setCollectors(fleet(collectors + 1)));
  return {
    coldCpuMs: cold.cpuMs,
    coldWallMs: cold.wallMs,
    changeCpuMs: median(changed.map(({ cpuMs }) => cpuMs)),
    changeWallMs: median(changed.map(({ wallMs }) => wallMs)),
    renderCpuMs: rendered.cpuMs,
    renderWallMs: rendered.wallMs,
    renderedMB: rendered.bytes / 1e6,
    joinCpuMs: joined.cpuMs,
    joinWallMs: joined.wallMs,
    longestStepMs: Math.max(cold.longestStepMs, joined.longestStepMs),
    heapBytesPerTarget: (after.heap - before.heap) / given.targets,
    rssBytesPerTarget: (after.rss - before.rss) / given.targets,
    ...floor.figures,
  };
}

interface Filled {
  readonly cold: Cost;
  readonly floor: Floor;
}

/** Each job's groups come from a provider of its own, many at a time. */
function fill(engine: AllocationEngine, workload: Workload): Filled {
  const watch = new Stopwatch();
  const floor = new Floor();
  const perJob = groupsPerJob(workload);
  for (let job = 0; job < jobs; job += 1) {
    for (let first = 0; first < perJob; first += batch) {
      const length = Math.min(batch, perJob - first);
      const pods = Array.from({ length }, (_, n) => podGroup(job * perJob + first + n, workload));
      watch.run(engine.applyGroups(provider(job), floor.parsed(pods)));
    }
  }
  return { cold: watch.total, floor };
}

/** The first pod of a job in the middle gets another label. */
function changeOne(engine: AllocationEngine, workload: Workload, change: number): Cost {
  const job = jobs / 2;
  const pod = podGroup(job * groupsPerJob(workload), workload, change + 100);
  return new Stopwatch().run(engine.applyGroups(provider(job), new Floor().parsed([pod])));
}

function groupsPerJob({ targets, perGroup }: Workload): number {
  return targets / perGroup / jobs;
}

function renderAll(engine: AllocationEngine): Cost & { readonly bytes: number } {
  let bytes = 0;
  const cost = new Stopwatch().run(
    (function* () {
      for (let n = 0; n < jobs; n += 1) {
        for (const { name } of engine.collectors) {
          bytes += engine.targetsBody(jobName(n), name).length;
          yield;
        }
      }
    })(),
  );
  return { ...cost, bytes };
}

function job(n: number, rules: RuleSet): EngineJob {
  const config: ScrapeConfig = {
    job_name: jobName(n),
    scrape_interval: '1m',
    scrape_timeout: '10s',
    metrics_path: '/metrics',
    scheme: 'http',
    follow_redirects: true,
    enable_http2: true,
    relabel_configs: ruleSets[rules],
  };
  const filter = relabelConfigFilter.create(undefined, noContext);
  return {
    name: config.job_name,
    providers: [provider(n)],
    filter: {
      key: JSON.stringify(config),
      run: filter.prepare(config),
      compile: (names) => filter.compile?.(config, names),
    },
  };
}

function fleet(size: number): readonly Collector[] {
  return Array.from({ length: size }, (_, n) => ({
    name: `collector-${String(n)}`,
    node: nodeName(n),
  }));
}

function jobName(n: number): string {
  return `job-${String(n)}`;
}

function provider(n: number): string {
  return `provider-${String(n)}`;
}

function memory(): { readonly heap: number; readonly rss: number } {
  globalThis.gc?.();
  globalThis.gc?.();
  const { heapUsed, arrayBuffers, rss } = process.memoryUsage();
  return { heap: heapUsed + arrayBuffers, rss };
}
