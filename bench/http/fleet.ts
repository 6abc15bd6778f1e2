import { Agent } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Figures } from '../measure/report.js';
import { percentile } from '../measure/statistics.js';
import { collectorName } from '../process/configs.js';
import type { RunningAllocator } from '../process/running-allocator.js';
import { Poller, type PollKind } from './poller.js';

export interface Fleet {
  readonly kind: PollKind;
  readonly collectors: number;
  readonly jobs: number;
  /** How often each collector asks for the jobs and for its targets of each job. */
  readonly periodMs: number;
}

/** Collectors that each keep a connection, spread over the period: what all of them together cost, in the second period. */
export async function measureFleet(allocator: RunningAllocator, fleet: Fleet): Promise<Figures> {
  const members = Array.from(
    { length: fleet.collectors },
    (_, n) => new Member(allocator, fleet, n),
  );
  try {
    // In the first one all answers are rendered, compressed and learnt.
    await Promise.all(members.map((member) => member.period()));
    const cpuMs = await allocator.cpuMs;
    const startMs = performance.now();
    const polled = await Promise.all(members.map((member) => member.period()));
    const tookMs = performance.now() - startMs;
    const spentMs = (await allocator.cpuMs) - cpuMs;
    const ms = polled.flat();
    return {
      cpuPercent: (spentMs / tookMs) * 100,
      requestsPerSecond: (ms.length / tookMs) * 1000,
      p50Ms: percentile(ms, 0.5),
      p99Ms: percentile(ms, 0.99),
    };
  } finally {
    for (const member of members) member.close();
  }
}

class Member {
  readonly #agent = new Agent({ keepAlive: true, maxSockets: 1 });
  readonly #poller: Poller;

  constructor(
    allocator: RunningAllocator,
    private readonly fleet: Fleet,
    private readonly number: number,
  ) {
    this.#poller = new Poller(allocator, fleet.kind);
  }

  /** Asks for everything once, when it is this one's turn; ends with the period. */
  async period(): Promise<readonly number[]> {
    const { collectors, jobs, periodMs } = this.fleet;
    const turnMs = (this.number / collectors) * periodMs;
    await sleep(turnMs);
    const ms = [await this.#ask('/scrape_configs')];
    for (let job = 0; job < jobs; job += 1) {
      const path = `/jobs/job-${String(job)}/targets`;
      ms.push(await this.#ask(`${path}?collector_id=${collectorName(this.number)}`));
    }
    await sleep(periodMs - turnMs);
    return ms;
  }

  close(): void {
    this.#agent.destroy();
  }

  async #ask(path: string): Promise<number> {
    return (await this.#poller.poll(path, this.#agent)).ms;
  }
}
