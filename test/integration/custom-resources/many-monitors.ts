import { readFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Allocator } from '../../fixtures/allocator.js';
import { type MonitoringCluster, serviceMonitor } from './monitoring-cluster.js';

/** Requests at a time; the API server shares the machine with what is measured. */
const atATime = 8;
/** The kernel counts CPU time in these, in milliseconds. */
const tickMs = 10;

export function monitorKey(n: number, namespaces: number): string {
  return `team-${String(n % namespaces)}/monitor-${String(n)}`;
}

/** Namespaces, and so many ServiceMonitors spread over them. */
export async function createMonitors(
  monitoring: MonitoringCluster,
  count: number,
  namespaces: number,
): Promise<void> {
  for (let n = 0; n < namespaces; n += 1) await monitoring.namespace(`team-${String(n)}`);
  await createEach(count, (n) => createMonitor(monitoring, monitorKey(n, namespaces), n));
}

/** So many ServiceMonitors in a namespace that there is, evenly over a time if the API server keeps up. */
export async function createMonitorsOver(
  monitoring: MonitoringCluster,
  namespace: string,
  { count, durationMs }: { readonly count: number; readonly durationMs: number },
): Promise<void> {
  const startMs = performance.now();
  await createEach(count, async (n) => {
    await sleep(Math.max(0, startMs + (n * durationMs) / count - performance.now()));
    await createMonitor(monitoring, `${namespace}/monitor-${String(n)}`, n);
  });
}

function createMonitor(monitoring: MonitoringCluster, key: string, n: number): Promise<void> {
  return monitoring.create('servicemonitors', key, {
    ...serviceMonitor({ relabelings: [{ targetLabel: 'monitor', replacement: String(n) }] }),
    selector: { matchLabels: { app: `app-${String(n)}` } },
  });
}

async function createEach(count: number, create: (n: number) => Promise<void>): Promise<void> {
  const numbers = Array.from({ length: count }, (_, n) => n).values();
  const worker = async (): Promise<void> => {
    for (const n of numbers) await create(n);
  };
  await Promise.all(Array.from({ length: atATime }, worker));
}

/** What one change has cost. */
export interface ChangeCost {
  /** From the API server's answer to the new list of jobs, in milliseconds. */
  readonly seenMs: number;
  /** CPU time of the allocator until a second after, in milliseconds. */
  readonly cpuMs: number;
}

/** Changes the path of one monitor, and waits until collectors would learn of it. */
export async function changeMonitor(
  monitoring: MonitoringCluster,
  allocator: Allocator,
  { key, path }: { readonly key: string; readonly path: string },
): Promise<ChangeCost> {
  const before = await allocator.get('/scrape_configs');
  const seen = { 'if-none-match': String(before.headers.etag) };
  await sleep(1_000);
  const cpuBeforeMs = await cpuOf(allocator);
  await monitoring.patch('servicemonitors', key, { spec: { endpoints: [{ port: 'http', path }] } });
  const startMs = performance.now();
  while ((await allocator.get('/scrape_configs', seen)).status === 304) await sleep(50);
  const seenMs = performance.now() - startMs;
  await sleep(1_000);
  return { seenMs, cpuMs: (await cpuOf(allocator)) - cpuBeforeMs };
}

/** CPU time that the process has taken so far, in milliseconds. */
export async function cpuOf(allocator: Allocator): Promise<number> {
  const stat = await readFile(`/proc/${String(allocator.program.pid)}/stat`, 'utf8');
  // After the program's name in parentheses; see proc(5).
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return (Number(fields[11]) + Number(fields[12])) * tickMs;
}

export function residentMiB(allocator: Allocator): Promise<number> {
  return memoryMiB(allocator, /VmRSS:\s+(\d+)/);
}

/** The most that it has had so far. */
export function peakResidentMiB(allocator: Allocator): Promise<number> {
  return memoryMiB(allocator, /VmHWM:\s+(\d+)/);
}

async function memoryMiB(allocator: Allocator, line: RegExp): Promise<number> {
  const status = await readFile(`/proc/${String(allocator.program.pid)}/status`, 'utf8');
  return Math.round(Number(line.exec(status)?.[1]) / 1024);
}
