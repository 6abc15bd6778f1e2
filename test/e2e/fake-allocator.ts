import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export type Answer = (response: ServerResponse) => void;

export function answerText(status: number, body: string, contentType = 'text/plain'): Answer {
  return (response) => response.writeHead(status, { 'content-type': contentType }).end(body);
}
export function answerJson(status: number, body: unknown): Answer {
  return answerText(status, JSON.stringify(body), 'application/json');
}
export const answerReset: Answer = (response) => {
  response.socket?.resetAndDestroy();
};
/** Announces the whole body, sends half of it and ends the connection. */
export function answerTruncated(body: unknown): Answer {
  return (response) => {
    const text = JSON.stringify(body);
    response.writeHead(200, {
      'content-type': 'application/json',
      'content-length': Buffer.byteLength(text),
    });
    response.write(text.slice(0, text.length / 2), () => response.socket?.destroy());
  };
}

/** Plays a target allocator, and counts how often it was asked since its answers changed. */
export class FakeAllocator {
  readonly #server: Server;
  #scrapeConfigs: Answer = answerText(503, 'not set');
  #targets: Answer = answerText(503, 'not set');
  #asked = { scrapeConfigs: 0, targets: 0 };

  private constructor() {
    this.#server = createServer((request, response) => {
      if (request.url === '/scrape_configs') {
        this.#asked.scrapeConfigs += 1;
        this.#scrapeConfigs(response);
      } else {
        this.#asked.targets += 1;
        this.#targets(response);
      }
    });
  }

  static async start(): Promise<FakeAllocator> {
    const fake = new FakeAllocator();
    await new Promise<void>((resolve) => fake.#server.listen(0, '127.0.0.1', resolve));
    return fake;
  }

  get url(): string {
    return `http://127.0.0.1:${String((this.#server.address() as AddressInfo).port)}`;
  }

  get asked(): { readonly scrapeConfigs: number; readonly targets: number } {
    return this.#asked;
  }

  answer(answers: { readonly scrapeConfigs: Answer; readonly targets: Answer }): void {
    this.#scrapeConfigs = answers.scrapeConfigs;
    this.#targets = answers.targets;
    this.#asked = { scrapeConfigs: 0, targets: 0 };
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }
}
