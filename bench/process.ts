import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { benchOptions, names, numbers, type CommonOptions } from './measure/options.js';
import { ReportFile, type Figures } from './measure/report.js';
import { writeEmptyConfig, writeFullConfig } from './process/configs.js';
import { FileSd, type Workload } from './process/file-sd.js';
import { hurried, measureProcess, unhurried } from './process/measure-process.js';
import { sidesOf, withCluster, withoutCluster, type Surroundings } from './process/sides.js';

interface ProcessCase extends Workload {
  readonly strategy: string;
}

/**
 * What the allocator costs as a process, on files of file_sd; and with --against, what another one costs with the same
 * flags on the same input, and the ratios of ours to it. Collectors are then pods of a real API server.
 *
 *   npm run bench -- process [--targets 10000,…] [--strategy …] [--labels 20] [--per-group 2] [--against "command arguments"]
 */
export async function benchProcess(args: readonly string[]): Promise<void> {
  const options = benchOptions(args, ['targets', 'strategy', 'labels', 'per-group', 'against']);
  const { given, isQuick } = options;
  const surroundings = given.against === undefined ? withoutCluster() : await withCluster();
  const file = await ReportFile.open('process', options);
  try {
    for (const strategy of names(given.strategy, ['consistent-hashing'])) {
      for (const targets of numbers(given.targets, isQuick ? [200] : [10_000, 100_000, 400_000])) {
        const labels = Number(given.labels ?? 20);
        const measured = { targets, strategy, labels, perGroup: Number(given['per-group'] ?? 2) };
        const runs = await runsOf(measured, surroundings, { ...options, against: given.against });
        for (const [side, figures] of runs) await file.add({ side, ...measured }, figures);
      }
    }
  } finally {
    await surroundings.stop();
  }
  file.print();
}

/** The sides take turns, so that a machine that grows slow does so for both. */
async function runsOf(
  measured: ProcessCase,
  { collectors, start }: Surroundings,
  options: CommonOptions & { readonly against: string | undefined },
): Promise<ReadonlyMap<string, readonly Figures[]>> {
  const folder = await mkdtemp(join(tmpdir(), 'bench-process-'));
  const runs = new Map<string, Figures[]>();
  try {
    const input = new FileSd(folder, measured);
    await input.write();
    const config = { folder, strategy: measured.strategy, collectors };
    const fullConfig = await writeFullConfig(config, input.files);
    const emptyConfig = await writeEmptyConfig(config);
    const pace = options.isQuick ? hurried : unhurried;
    for (let run = 0; run < (options.runs ?? (options.isQuick ? 1 : 3)); run += 1) {
      for (const [side, command] of sidesOf(options.against)) {
        const subject = { ...start, command, fullConfig, emptyConfig, input, pace };
        const figures = await measureProcess(subject);
        runs.set(side, [...(runs.get(side) ?? []), figures]);
      }
    }
  } finally {
    await rm(folder, { recursive: true });
  }
  return withRatios(runs);
}

/** Of ours to the other's in the same run; what costs the other nothing that can be measured has none. */
function withRatios(
  runs: ReadonlyMap<string, readonly Figures[]>,
): ReadonlyMap<string, readonly Figures[]> {
  const others = runs.get('against');
  const ours = runs.get('ours');
  if (others === undefined || ours === undefined) return runs;
  const ratios = ours.map((figures, run) => {
    const pairs = Object.entries(figures).map(([name, value]) => [
      name,
      value / (others[run]?.[name] ?? 0),
    ]);
    return Object.fromEntries(pairs.filter(([, ratio]) => Number.isFinite(ratio))) as Figures;
  });
  return new Map(runs).set('ratio', ratios);
}
