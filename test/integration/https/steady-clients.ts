import { Agent, get } from 'node:https';
import { setTimeout as sleep } from 'node:timers/promises';
import type { IssuedCertificate } from '../../fixtures/test-authority.js';
import { password } from './https-allocator.js';

export interface SteadyClientsOptions {
  readonly port: number;
  readonly client: IssuedCertificate;
  /** Who signed the server's certificates. */
  readonly ca: string;
  /** How many ask on a connection that they keep. */
  readonly keeping: number;
  /** How many ask on a new connection each time. */
  readonly connecting: number;
}

/** Clients that ask for the jobs all the time and check what they get. */
export class SteadyClients {
  readonly #options: SteadyClientsOptions;
  readonly #running: Promise<void>[];
  #isOver = false;
  #underWay = 0;
  served = 0;
  readonly failures: string[] = [];

  constructor(options: SteadyClientsOptions) {
    this.#options = options;
    const { client, ca } = options;
    const tls = { ca, cert: client.cert, key: client.key };
    const keeping = Array.from({ length: options.keeping }, () =>
      this.#ask(new Agent({ ...tls, keepAlive: true, maxSockets: 1 }), 500),
    );
    const connecting = Array.from({ length: options.connecting }, () =>
      this.#ask(new Agent({ ...tls, keepAlive: false, maxCachedSessions: 0 }), 100),
    );
    this.#running = [...keeping, ...connecting];
  }

  /** How many requests wait for their answers now. */
  get underWay(): number {
    return this.#underWay;
  }

  async stop(): Promise<void> {
    this.#isOver = true;
    await Promise.all(this.#running);
  }

  async #ask(agent: Agent, pauseMs: number): Promise<void> {
    while (!this.#isOver) {
      try {
        this.#underWay += 1;
        await this.#once(agent);
        this.served += 1;
      } catch (error) {
        this.failures.push(String(error));
      } finally {
        this.#underWay -= 1;
      }
      await sleep(pauseMs);
    }
    agent.destroy();
  }

  #once(agent: Agent): Promise<void> {
    const { port } = this.#options;
    return new Promise((resolve, reject) => {
      const request = get({ host: '127.0.0.1', port, path: '/scrape_configs', agent }, (answer) => {
        let text = '';
        answer.setEncoding('utf8');
        answer.on('data', (data: string) => (text += data));
        answer.once('error', reject);
        answer.once('end', () => {
          if (answer.statusCode === 200 && text.includes(password)) resolve();
          else reject(new Error(`answered ${String(answer.statusCode)}: ${text}`));
        });
      });
      request.setTimeout(20_000, () => request.destroy(new Error('no answer in 20 s')));
      request.once('error', reject);
    });
  }
}
