import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import type { Figures } from '../measure/report.js';
import { percentile } from '../measure/statistics.js';
import { ourCommand, RunningAllocator } from '../process/running-allocator.js';

const preloaded = fileURLToPath(new URL('../loop-delay.mjs', import.meta.url));
const probeEveryMs = 10;

/**
 * How those who ask fare while the whole input is read and placed: `/livez` is asked every 10 ms, and the allocator's own
 * event loop is watched. From the moment that it listens until all targets are served.
 */
export async function measureColdStart(
  folder: string,
  configFile: string,
  targets: number,
): Promise<Figures> {
  const delays = join(folder, 'loop-delay.json');
  const command = ourCommand(['--import', preloaded]);
  const env = { BENCH_LOOP_DELAY: delays };
  const allocator = await RunningAllocator.start({ command, configFile, env });
  try {
    await allocator.listening();
    allocator.signal('SIGUSR2');
    const served = new AbortController();
    const livez = askLivez(allocator, served.signal);
    await allocator.serving(targets).finally(() => {
      served.abort();
    });
    const coldServedMs = allocator.ageMs;
    const ms = await livez;
    await allocator.stop();
    return {
      coldServedMs,
      livezP50Ms: percentile(ms, 0.5),
      livezP99Ms: percentile(ms, 0.99),
      livezMaxMs: Math.max(...ms),
      ...(JSON.parse(await readFile(delays, 'utf8')) as Figures),
    };
  } finally {
    await allocator.stop();
  }
}

/** Asks when it is due and not when the former answer is there: a long stall counts for each who asked in it. */
async function askLivez(allocator: RunningAllocator, until: AbortSignal): Promise<number[]> {
  const asked: Promise<number>[] = [];
  const startMs = performance.now();
  while (!until.aborted) {
    asked.push(allocator.get('/livez').then(({ ms }) => ms));
    await sleep(Math.max(0, startMs + asked.length * probeEveryMs - performance.now()));
  }
  return Promise.all(asked);
}
