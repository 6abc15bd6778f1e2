import { Agent } from 'node:http';
import type { Figures } from '../measure/report.js';
import { percentile } from '../measure/statistics.js';
import type { RunningAllocator } from '../process/running-allocator.js';
import { Poller, type PollKind } from './poller.js';

export interface Load {
  readonly kind: PollKind;
  /** Asked one after the other. */
  readonly paths: readonly string[];
  readonly connections: number;
  readonly durationMs: number;
}

/**
 * Connections that ask again as soon as they have an answer. What the allocator pays for a request is its CPU time; the
 * rate is at most what the asking process can do on the same machine.
 */
export async function measureLoad(allocator: RunningAllocator, load: Load): Promise<Figures> {
  const agent = new Agent({ keepAlive: true, maxSockets: load.connections });
  const poller = new Poller(allocator, load.kind);
  try {
    // What is rendered and compressed on first demand is there before it is measured.
    for (const path of load.paths) await poller.poll(path, agent);
    return await measured(allocator, load, (path) => poller.poll(path, agent));
  } finally {
    agent.destroy();
  }
}

interface Polled {
  readonly ms: number;
  readonly bytes: number;
}

async function measured(
  allocator: RunningAllocator,
  { paths, connections, durationMs }: Load,
  poll: (path: string) => Promise<Polled>,
): Promise<Figures> {
  const answers: Polled[] = [];
  let next = 0;
  const cpuMs = await allocator.cpuMs;
  const startMs = performance.now();
  const connection = async (): Promise<void> => {
    while (performance.now() - startMs < durationMs) {
      answers.push(await poll(paths[next++ % paths.length] ?? ''));
    }
  };
  await Promise.all(Array.from({ length: connections }, connection));
  const seconds = (performance.now() - startMs) / 1000;
  const spentMs = (await allocator.cpuMs) - cpuMs;
  const ms = answers.map((answer) => answer.ms);
  return {
    requestsPerSecond: answers.length / seconds,
    cpuUsPerRequest: (spentMs * 1000) / answers.length,
    p50Ms: percentile(ms, 0.5),
    p99Ms: percentile(ms, 0.99),
    bytesPerAnswer: answers.reduce((sum, { bytes }) => sum + bytes, 0) / answers.length,
  };
}
