import { Agent, type ClientRequest, get } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';

export interface LoadOptions {
  readonly port: number;
  readonly paths: readonly string[];
  readonly perSecond: number;
}

/** How often the clients begin requests that are due. */
const TICK_MS = 20;
/** Connections that are kept, as those of collectors are. */
const KEPT_CONNECTIONS = 50;
/** Where the machine is too busy for so many, they ask less often. */
const MOST_UNDER_WAY = 2 * KEPT_CONNECTIONS;

/**
 * Clients behind a Service that ask so often a second: every other request on a connection that is kept, the others each on
 * one of their own.
 */
export class SteadyLoad {
  readonly #options: LoadOptions;
  readonly #agent = new Agent({ keepAlive: true, maxSockets: KEPT_CONNECTIONS });
  readonly #underWay = new Set<Promise<void>>();
  readonly #running: Promise<void>;
  #isOver = false;
  #isElsewhere = false;
  answered = 0;
  /** Path, status and body of all that was answered. */
  readonly answers = new Set<string>();
  readonly failures: string[] = [];

  constructor(options: LoadOptions) {
    this.#options = options;
    this.#running = this.#run();
  }

  /** New connections lead to others from now on, as when a pod is no endpoint any more. Those that are there are used. */
  leadElsewhere(): void {
    this.#isElsewhere = true;
  }

  /** Connections that wait for the next request. */
  get kept(): number {
    return Object.values(this.#agent.freeSockets).flat().length;
  }

  /** Ends when all that was begun has been answered or has failed. */
  async stop(): Promise<void> {
    this.#isOver = true;
    await this.#running;
    await Promise.all(this.#underWay);
    this.#agent.destroy();
  }

  async #run(): Promise<void> {
    const { paths, perSecond } = this.#options;
    const startMs = performance.now();
    for (let begun = 0; !this.#isOver;) {
      const due = ((performance.now() - startMs) / 1_000) * perSecond;
      for (; begun < due; begun++) {
        if (this.#underWay.size >= MOST_UNDER_WAY) continue;
        const path = paths[begun % paths.length] ?? '/';
        const asked = this.#ask(path, begun % 2 === 0).finally(() => this.#underWay.delete(asked));
        this.#underWay.add(asked);
      }
      await sleep(TICK_MS);
    }
  }

  async #ask(path: string, isKept: boolean): Promise<void> {
    if (this.#isElsewhere && !(isKept && this.kept > 0)) return;
    const { port } = this.#options;
    const request = get({ host: '127.0.0.1', port, path, agent: isKept ? this.#agent : false });
    try {
      this.answers.add(`${path} ${await textOf(request)}`);
      this.answered += 1;
    } catch (error) {
      this.failures.push(`${path}${request.reusedSocket ? ' again' : ''}: ${String(error)}`);
    }
  }
}

/** Status and body. */
function textOf(request: ClientRequest): Promise<string> {
  return new Promise((resolve, reject) => {
    request.once('error', reject);
    request.once('response', (response) => {
      let text = `${String(response.statusCode)} `;
      response.setEncoding('utf8').on('data', (data: string) => (text += data));
      response.once('error', reject);
      response.once('end', () => {
        resolve(text);
      });
    });
  });
}
