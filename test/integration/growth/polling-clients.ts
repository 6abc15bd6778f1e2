import { Agent, request } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Allocator } from '../../fixtures/allocator.js';
import type { ChurningWorld } from './churning-world.js';

const pauseMs = 200;

/** Collectors, people and strangers who ask for everything that there is: on connections that stay and that do not. */
export class PollingClients {
  requests = 0;
  readonly #staying = new Agent({ keepAlive: true });
  readonly #stop = new AbortController();
  #ended: Promise<void> = Promise.resolve();

  private constructor(
    private readonly allocator: Allocator,
    private readonly world: ChurningWorld,
  ) {}

  static start(allocator: Allocator, world: ChurningWorld): PollingClients {
    const clients = new PollingClients(allocator, world);
    clients.#ended = clients.#run();
    return clients;
  }

  /** Resolves when all connections are closed. @throws when a request has failed */
  async stop(): Promise<void> {
    this.#stop.abort();
    await this.#ended;
    this.#staying.destroy();
  }

  async #run(): Promise<void> {
    while (!this.#stop.signal.aborted) {
      for (const path of this.#paths()) await this.#ask(path);
      await sleep(pauseMs);
    }
  }

  #paths(): readonly string[] {
    const turn = this.requests;
    const { jobs, collectors } = this.world;
    const job = jobs[turn % jobs.length] ?? '';
    const collector = collectors[turn % collectors.length] ?? '';
    return [
      `/jobs/${job}/targets?collector_id=${collector}`,
      `/jobs/${job}/targets?collector_id=stranger-${String(turn)}`,
      `/jobs/never-there-${String(turn)}/targets`,
      `/jobs/${job}/targets`,
      `/scrape_configs`,
      `/jobs`,
      `/metrics`,
      `/readyz`,
      `/debug/job?job_id=${job}`,
      `/debug/collector?collector_id=${collector}`,
      `/api/v1/targets?job=${job}&page=${String(turn)}`,
      `/nothing-here-${String(turn)}`,
    ];
  }

  /** Each third on a connection of its own, each fourth packed, and some leave before they are answered. */
  async #ask(path: string): Promise<void> {
    const turn = this.requests++;
    const agent = turn % 3 === 0 ? false : this.#staying;
    const encoding = turn % 4 === 0 ? 'gzip' : 'identity';
    const leavesEarly = turn % 29 === 0;
    await new Promise<void>((resolve, reject) => {
      const asked = request({
        ...{ host: '127.0.0.1', port: this.allocator.port, path, agent },
        headers: { 'accept-encoding': encoding, connection: agent ? 'keep-alive' : 'close' },
      });
      asked.once('error', leavesEarly ? resolve : reject);
      asked.once('response', (response) => {
        response.once(
          'error',
          leavesEarly
            ? () => {
                resolve();
              }
            : reject,
        );
        response.once('close', resolve);
        if (leavesEarly) response.destroy();
        else response.resume();
      });
      asked.end();
    });
  }
}
