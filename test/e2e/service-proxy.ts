import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Allocator } from '../fixtures/allocator.js';

/** How often a replica is asked whether it is ready, and how long the answer takes to reach those who route. */
const probeEveryMs = 250;
const propagationMs = 500;

interface Endpoint {
  readonly replica: Allocator;
  isReady: boolean;
  connections: number;
}

/**
 * Stands for the Service of Kubernetes in front of the replicas: it knows nothing of HTTP, gives each new connection to
 * one of the replicas that were ready a moment ago, in turn, and leaves open connections where they are.
 */
export class ServiceProxy {
  readonly #server: Server = createServer((client) => {
    this.#route(client);
  });
  readonly #endpoints = new Map<Allocator, Endpoint>();
  readonly #probes: Promise<void>[] = [];
  readonly #sockets = new Set<Socket>();
  #turn = 0;
  readonly #refusedAtMs: number[] = [];

  static async start(): Promise<ServiceProxy> {
    const proxy = new ServiceProxy();
    await new Promise<void>((resolve) => proxy.#server.listen(0, '127.0.0.1', resolve));
    return proxy;
  }

  get url(): string {
    return `http://127.0.0.1:${String((this.#server.address() as AddressInfo).port)}`;
  }

  /** Follows the readiness of a replica from now on. */
  add(replica: Allocator): void {
    const endpoint = { replica, isReady: false, connections: 0 };
    this.#endpoints.set(replica, endpoint);
    this.#probes.push(this.#probe(endpoint));
  }

  remove(replica: Allocator): void {
    this.#endpoints.delete(replica);
  }

  /** How many connections a replica was given. */
  connectionsTo(replica: Allocator): number {
    return this.#endpoints.get(replica)?.connections ?? 0;
  }

  /** How many connections came while no replica was ready. */
  refusedSince(atMs: number): number {
    return this.#refusedAtMs.filter((ms) => ms >= atMs).length;
  }

  async stop(): Promise<void> {
    this.#endpoints.clear();
    await Promise.all(this.#probes);
    for (const socket of this.#sockets) socket.destroy();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  async #probe(endpoint: Endpoint): Promise<void> {
    const { replica } = endpoint;
    while (this.#endpoints.has(replica)) {
      const answer = await replica.get('/readyz').catch(() => undefined);
      const isReady = answer?.status === 200;
      setTimeout(() => (endpoint.isReady = isReady), propagationMs);
      await sleep(probeEveryMs);
    }
  }

  #route(client: Socket): void {
    const ready = [...this.#endpoints.values()].filter(({ isReady }) => isReady);
    const endpoint = ready[this.#turn++ % ready.length];
    this.#keep(client);
    if (endpoint === undefined) {
      this.#refusedAtMs.push(performance.now());
      client.resetAndDestroy();
      return;
    }
    endpoint.connections += 1;
    const upstream = connect(endpoint.replica.port, '127.0.0.1');
    this.#keep(upstream);
    client.pipe(upstream).pipe(client);
    client.once('close', () => upstream.destroy());
    upstream.once('error', () => client.resetAndDestroy());
    upstream.once('close', () => client.end());
  }

  #keep(socket: Socket): void {
    this.#sockets.add(socket);
    socket.on('error', () => undefined);
    socket.once('close', () => this.#sockets.delete(socket));
  }
}
