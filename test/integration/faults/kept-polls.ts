import { Agent, get } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';

/** Asks again and again on one connection, which must stay, until it is stopped; every answer must be there and be the same. */
export class KeptPolls {
  readonly #agent = new Agent({ keepAlive: true, maxSockets: 1 });
  readonly #running: Promise<void>;
  #isOver = false;
  #last: string | undefined;
  answered = 0;
  readonly failures: string[] = [];

  constructor(url: string) {
    this.#running = this.#run(url);
  }

  async stop(): Promise<void> {
    this.#isOver = true;
    await this.#running;
    this.#agent.destroy();
  }

  async #run(url: string): Promise<void> {
    while (!this.#isOver) {
      try {
        this.#note(await this.#ask(url));
      } catch (error) {
        this.failures.push(String(error));
      }
      await sleep(25);
    }
  }

  #note(answer: string): void {
    this.#last ??= answer;
    if (answer !== this.#last) throw new Error(answer);
    this.answered += 1;
  }

  #ask(url: string): Promise<string> {
    return new Promise((resolve, reject) => {
      const request = get(url, { agent: this.#agent }, (response) => {
        let text = `${String(response.statusCode)} `;
        response.setEncoding('utf8').on('data', (data: string) => (text += data));
        response.once('error', reject);
        response.once('end', () => {
          if (this.answered > 0 && !request.reusedSocket) reject(new Error('a new connection'));
          resolve(text);
        });
      });
      request.once('error', reject);
    });
  }
}
