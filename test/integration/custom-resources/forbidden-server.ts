import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

/** The address of the machine that {@link ForbiddenServer} is on, apart from that of everything else in tests. */
export const forbiddenAddress = '127.0.0.2';
/** The target that it tells of. */
export const forbiddenTarget = 'inside:1';

/** A server that stands in for one with the machine's credentials: it answers whoever reaches it, and counts them. */
export class ForbiddenServer {
  connections = 0;
  readonly #server: Server;

  private constructor() {
    this.#server = createServer((_, response) => {
      const groups = JSON.stringify([{ targets: [forbiddenTarget] }]);
      response.setHeader('content-type', 'application/json').end(groups);
    });
    this.#server.on('connection', () => (this.connections += 1));
  }

  static async start(): Promise<ForbiddenServer> {
    const started = new ForbiddenServer();
    await new Promise<void>((resolve) => started.#server.listen(0, forbiddenAddress, resolve));
    return started;
  }

  get port(): string {
    return String((this.#server.address() as AddressInfo).port);
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }
}
