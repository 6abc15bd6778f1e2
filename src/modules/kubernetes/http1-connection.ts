import http from 'node:http';
import https from 'node:https';
import { Socket } from 'node:net';
import tls, { type ConnectionOptions } from 'node:tls';
import type { TlsMaterial } from './api-credentials.js';
import {
  endWithSignal,
  type ApiConnection,
  type ApiRequest,
  type ApiResponse,
} from './api-connection.js';
import { ApiConnectionError } from './kubernetes.errors.js';
import { tlsOptions } from './tls-options.js';

/** A pool of kept-alive HTTP/1.1 connections, for servers and proxies that do not speak HTTP/2. */
export class Http1Connection implements ApiConnection {
  readonly #origin: string;
  readonly #agent: http.Agent;
  #retired = false;

  /**
   * @param material Absent: plain http.
   * @param tunnel Connects through a proxy, for TLS only.
   */
  constructor(origin: string, material: TlsMaterial | undefined, tunnel?: () => Promise<Socket>) {
    this.#origin = origin;
    const pool = { keepAlive: true, keepAliveMsecs: 30_000, maxFreeSockets: 4 };
    this.#agent =
      material === undefined
        ? new http.Agent(pool)
        : new https.Agent({ ...pool, ...tlsOptions(origin, material) });
    if (tunnel !== undefined) connectThrough(this.#agent, tunnel);
  }

  get isUsable(): boolean {
    return !this.#retired;
  }

  get isClosed(): boolean {
    return this.#retired && Object.keys(this.#agent.sockets).length === 0;
  }

  request(request: ApiRequest): Promise<ApiResponse> {
    const { method = 'GET', headers = {}, signal } = request;
    const url = new URL(request.path, this.#origin);
    return new Promise((resolve, reject) => {
      const client = url.protocol === 'https:' ? https : http;
      const outgoing = client.request(url, { method, headers, agent: this.#agent, signal });
      outgoing.once('response', (incoming) => {
        endWithSignal(incoming, signal);
        const status = incoming.statusCode ?? 0;
        resolve({ status, headers: textHeaders(incoming.headers), body: incoming });
      });
      outgoing.on('error', (cause) => {
        reject(
          signal.aborted && signal.reason instanceof Error
            ? signal.reason
            : new ApiConnectionError(`${this.#origin}: ${cause.message}`, { cause }),
        );
      });
      outgoing.end(request.body);
    });
  }

  /** Free connections are closed at once, the others are not kept when their request ends. */
  retire(): void {
    this.#retired = true;
    for (const sockets of Object.values(this.#agent.freeSockets)) {
      for (const socket of sockets ?? []) socket.destroy();
    }
    this.#agent.maxFreeSockets = 0;
  }

  destroy(): void {
    this.#retired = true;
    this.#agent.destroy();
  }
}

function connectThrough(agent: http.Agent, tunnel: () => Promise<Socket>): void {
  agent.createConnection = (options: ConnectionOptions, onMade) => {
    tunnel().then(
      (socket) => onMade?.(null, tls.connect({ ...options, socket })),
      (cause: unknown) => {
        const error = cause instanceof Error ? cause : new ApiConnectionError(String(cause));
        // The types ask for a stream, too; nobody reads it.
        onMade?.(error, new Socket());
      },
    );
    return undefined;
  };
}

/** Only headers that cannot come more than once matter to us. */
export function textHeaders(
  headers: Readonly<Record<string, string | readonly string[] | number | undefined>>,
): Record<string, string | undefined> {
  const entries = Object.entries(headers).map(([name, value]) => [name, value?.toString()]);
  return Object.fromEntries(entries) as Record<string, string | undefined>; // eslint-disable-line @typescript-eslint/no-unsafe-type-assertion -- fromEntries loses the types of pairs
}
