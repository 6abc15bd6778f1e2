import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { benchOptions } from './measure/options.js';
import { ReportFile, type Figures } from './measure/report.js';
import { staticCollectors, writeEmptyConfig } from './process/configs.js';
import { ourCommand, RunningAllocator, type Start } from './process/running-allocator.js';

const usualRuns = 5;
/** Memory is told after it. */
const idleMs = 10_000;

/**
 * What a start with one static target costs: time and CPU until `/livez` answers, and the memory after ten idle seconds.
 *
 *   npm run bench -- startup [--node=--max-semi-space-size=2]
 */
export async function benchStartup(args: readonly string[]): Promise<void> {
  const options = benchOptions(args, ['node']);
  const { given, isQuick } = options;
  const flags = given.node?.split(' ') ?? [];
  const file = await ReportFile.open('startup', options);
  const folder = await mkdtemp(join(tmpdir(), 'bench-startup-'));
  try {
    const config = { folder, strategy: 'consistent-hashing', collectors: staticCollectors(1) };
    const start = { command: ourCommand(flags), configFile: await writeEmptyConfig(config) };
    const runs: Figures[] = [];
    for (let run = 0; run < (options.runs ?? (isQuick ? 1 : usualRuns)); run += 1) {
      runs.push(await measure(start, isQuick ? 0 : idleMs));
    }
    await file.add({ nodeFlags: flags.join(' ') || 'none' }, runs);
  } finally {
    await rm(folder, { recursive: true });
  }
  file.print();
}

async function measure(start: Start, restMs: number): Promise<Figures> {
  const allocator = await RunningAllocator.start(start);
  try {
    await allocator.listening();
    const listening = { listeningMs: allocator.ageMs, cpuMs: await allocator.cpuMs };
    await sleep(restMs);
    return { ...listening, rssMiB: await allocator.rssMiB };
  } finally {
    await allocator.stop();
  }
}
