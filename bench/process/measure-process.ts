import { setTimeout as sleep } from 'node:timers/promises';
import { median } from '../measure/statistics.js';
import type { Figures } from '../measure/report.js';
import { collectorName } from './configs.js';
import { FileSd } from './file-sd.js';
import { RunningAllocator, type Start } from './running-allocator.js';

/** How long is waited; short when it is only to be seen that the bench works. */
export interface Pace {
  /** Until what a start or a change left to do is done. */
  readonly settleMs: number;
  readonly idleMs: number;
  readonly changes: number;
}

export const unhurried: Pace = { settleMs: 8_000, idleMs: 10_000, changes: 3 };
export const hurried: Pace = { settleMs: 200, idleMs: 200, changes: 1 };

const collectors = 10;
const gets = 9;
const pollEveryMs = 50;
const changeSeenWithinMs = 120_000;

export interface Subject extends Omit<Start, 'configFile'> {
  readonly fullConfig: string;
  readonly emptyConfig: string;
  readonly input: FileSd;
  readonly pace: Pace;
}

/** One run of everything: a start with nothing to do, and then one with the whole input. */
export async function measureProcess(subject: Subject): Promise<Figures> {
  const start = await measureStart(subject);
  const { coldCpuMs, ...full } = await measureFull(subject);
  return { ...start, ...full, coldCpuMs: coldCpuMs - start.startCpuMs };
}

async function measureStart(subject: Subject) {
  const allocator = await RunningAllocator.start({ ...subject, configFile: subject.emptyConfig });
  try {
    await allocator.listening();
    const listeningMs = allocator.ageMs;
    await allocator.serving(1);
    await sleep(Math.min(2_000, subject.pace.settleMs));
    return { listeningMs, startCpuMs: await allocator.cpuMs, startRssMiB: await allocator.rssMiB };
  } finally {
    await allocator.stop();
  }
}

async function measureFull(subject: Subject) {
  const { input, pace } = subject;
  await input.restore();
  const allocator = await RunningAllocator.start({ ...subject, configFile: subject.fullConfig });
  try {
    await allocator.serving(input.targets);
    const cold = { coldServedMs: allocator.ageMs, coldCpuMs: await allocator.cpuMs };
    const answers = await measureAnswers(allocator);
    await sleep(pace.settleMs);
    const idleCpuPercent = await measureIdle(allocator, pace.idleMs);
    const settledRssMiB = await allocator.rssMiB;
    const change = await measureChanges(allocator, subject);
    const memory = { settledRssMiB, peakRssMiB: await allocator.peakMiB };
    return { ...cold, ...memory, ...change, ...answers, idleCpuPercent };
  } finally {
    await allocator.stop();
  }
}

/** The first answer is rendered, the others are what they cost when nothing has changed: the median is theirs. */
async function measureAnswers(allocator: RunningAllocator): Promise<Figures> {
  const timed = async (path: string): Promise<number> => {
    const ms: number[] = [];
    for (let n = 0; n < gets; n += 1) ms.push((await allocator.get(path)).ms);
    return median(ms);
  };
  return {
    getTargetsMs: await timed(targetsPath(0)),
    getJobsMs: await timed('/jobs'),
    getScrapeConfigsMs: await timed('/scrape_configs'),
  };
}

async function measureIdle(allocator: RunningAllocator, idleMs: number): Promise<number> {
  const startMs = performance.now();
  const cpuMs = await allocator.cpuMs;
  await sleep(idleMs);
  return (((await allocator.cpuMs) - cpuMs) / (performance.now() - startMs)) * 100;
}

/** One target changes in a file with a tenth of all. Its CPU time includes the requests that look for the change. */
async function measureChanges(
  allocator: RunningAllocator,
  { input, pace }: Subject,
): Promise<Figures> {
  const path = await pathOfFirst(allocator);
  const served: number[] = [];
  const cpu: number[] = [];
  for (let n = 0; n < pace.changes; n += 1) {
    const version = `version-${String(n)}-${String(allocator.port)}`;
    const happen = await input.change(version);
    const cpuMs = await allocator.cpuMs;
    const startMs = performance.now();
    await happen();
    while (!(await allocator.get(path)).body.includes(version)) {
      if (performance.now() - startMs > changeSeenWithinMs) throw new Error('it is never served');
      await sleep(pollEveryMs);
    }
    served.push(performance.now() - startMs);
    await sleep(pace.settleMs);
    cpu.push((await allocator.cpuMs) - cpuMs);
  }
  return { changeServedMs: median(served), changeCpuMs: median(cpu) };
}

/** Where the target is that changes: a change of its labels does not move it. */
async function pathOfFirst(allocator: RunningAllocator): Promise<string> {
  for (let n = 0; n < collectors; n += 1) {
    const { body } = await allocator.get(targetsPath(n));
    if (body.includes(`"${FileSd.firstAddress}"`)) return targetsPath(n);
  }
  throw new Error(`no collector has ${FileSd.firstAddress}`);
}

function targetsPath(collector: number): string {
  return `/jobs/job-0/targets?collector_id=${collectorName(collector)}`;
}
