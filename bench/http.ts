import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { measureColdStart } from './http/cold-start.js';
import { measureFleet } from './http/fleet.js';
import { measureLoad } from './http/load.js';
import type { PollKind } from './http/poller.js';
import { benchOptions, numbers, type BenchOptions } from './measure/options.js';
import { ReportFile, type Figures } from './measure/report.js';
import { collectorName, staticCollectors, writeFullConfig } from './process/configs.js';
import { FileSd, jobs } from './process/file-sd.js';
import { ourCommand, RunningAllocator } from './process/running-allocator.js';

type HttpOptions = BenchOptions<'targets' | 'cold-targets' | 'collectors'>;

const connections = 32;
const kinds: readonly PollKind[] = ['etag', 'body', 'gzip'];
const strategy = 'consistent-hashing';

/**
 * Those who ask: as fast as they can, as a fleet of collectors at its own pace, and during a cold start.
 *
 *   npm run bench -- http [--targets 100000] [--collectors 1000] [--cold-targets 100000,…]
 */
export async function benchHttp(args: readonly string[]): Promise<void> {
  const options: HttpOptions = benchOptions(args, ['targets', 'cold-targets', 'collectors']);
  const { given, isQuick } = options;
  const targets = Number(given.targets ?? (isQuick ? 200 : 100_000));
  const file = await ReportFile.open('http', options);
  await benchLoad(file, options, targets);
  await benchFleet(file, options, targets);
  for (const cold of numbers(given['cold-targets'], [targets])) {
    await benchColdStart(file, options, cold);
  }
  file.print();
}

async function benchLoad(file: ReportFile, options: HttpOptions, targets: number): Promise<void> {
  const collectors = 10;
  const durationMs = options.isQuick ? 200 : 5_000;
  const ofTargets = Array.from({ length: jobs * collectors }, (_, n) => {
    const collector = collectorName(n % collectors);
    return `/jobs/job-${String(Math.floor(n / collectors))}/targets?collector_id=${collector}`;
  });
  const asked = { targets: ofTargets, jobs: ['/jobs'], scrape_configs: ['/scrape_configs'] };
  await withInput(targets, collectors, async ({ configFile }) => {
    await withAllocator(configFile, targets, async (allocator) => {
      // What is asked first would pay for the compiler's warm-up.
      await measureLoad(allocator, { kind: 'body', paths: ofTargets, connections, durationMs });
      for (const [load, paths] of Object.entries(asked)) {
        for (const kind of kinds) {
          const runs = await repeat(options, 3, () =>
            measureLoad(allocator, { kind, paths, connections, durationMs }),
          );
          await file.add({ load, kind, targets, connections }, runs);
        }
      }
    });
  });
}

async function benchFleet(file: ReportFile, options: HttpOptions, targets: number): Promise<void> {
  const collectors = Number(options.given.collectors ?? (options.isQuick ? 10 : 1_000));
  const periodMs = options.isQuick ? 300 : 30_000;
  await withInput(targets, collectors, async ({ configFile }) => {
    await withAllocator(configFile, targets, async (allocator) => {
      for (const kind of kinds) {
        const runs = await repeat(options, 1, () =>
          measureFleet(allocator, { kind, collectors, jobs, periodMs }),
        );
        await file.add({ fleet: collectors, kind, targets, everySeconds: periodMs / 1000 }, runs);
      }
    });
    await benchBareFleet(file, options, { configFile, targets, collectors, periodMs });
  });
}

interface BareFleet {
  readonly configFile: string;
  readonly targets: number;
  readonly collectors: number;
  readonly periodMs: number;
}

/** What of a fleet's cost is Node's: the same polls to a server that has nothing to do for them. */
async function benchBareFleet(
  file: ReportFile,
  options: HttpOptions,
  { configFile, targets, collectors, periodMs }: BareFleet,
): Promise<void> {
  const command = [process.execPath, resolve('bench/http/bare-server.mjs')];
  const server = await RunningAllocator.start({ command, configFile });
  try {
    await server.listening();
    const fleet = { kind: 'etag', collectors, jobs, periodMs } as const;
    const runs = await repeat(options, 1, () => measureFleet(server, fleet));
    const seconds = periodMs / 1000;
    const kind = 'etag, bare server';
    await file.add({ fleet: collectors, kind, targets, everySeconds: seconds }, runs);
  } finally {
    await server.stop();
  }
}

async function benchColdStart(
  file: ReportFile,
  options: HttpOptions,
  targets: number,
): Promise<void> {
  await withInput(targets, 10, async ({ folder, configFile }) => {
    const runs = await repeat(options, 3, () => measureColdStart(folder, configFile, targets));
    await file.add({ coldStart: targets }, runs);
  });
}

interface Input {
  readonly folder: string;
  readonly configFile: string;
}

async function withInput(
  targets: number,
  collectors: number,
  use: (input: Input) => Promise<void>,
): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'bench-http-'));
  try {
    const input = new FileSd(folder, { targets, labels: 20, perGroup: 2 });
    await input.write();
    const config = { folder, strategy, collectors: staticCollectors(collectors) };
    await use({ folder, configFile: await writeFullConfig(config, input.files) });
  } finally {
    await rm(folder, { recursive: true });
  }
}

async function withAllocator(
  configFile: string,
  targets: number,
  use: (allocator: RunningAllocator) => Promise<void>,
): Promise<void> {
  const allocator = await RunningAllocator.start({ command: ourCommand(), configFile });
  try {
    await allocator.serving(targets);
    await use(allocator);
  } finally {
    await allocator.stop();
  }
}

async function repeat(
  { isQuick, runs }: HttpOptions,
  usual: number,
  measure: () => Promise<Figures>,
): Promise<readonly Figures[]> {
  const figures: Figures[] = [];
  for (let run = 0; run < (runs ?? (isQuick ? 1 : usual)); run += 1) figures.push(await measure());
  return figures;
}
