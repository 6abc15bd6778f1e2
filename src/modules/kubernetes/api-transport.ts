import type { Socket } from 'node:net';
import tls, { type TLSSocket } from 'node:tls';
import type { Clock } from '../../plugin-api/index.js';
import { sameTlsMaterial, type RequestHeaders, type TlsMaterial } from './api-credentials.js';
import type { ApiClient, ApiConnection, ApiRequest, ApiResponse } from './api-connection.js';
import { Http1Connection } from './http1-connection.js';
import { defaultPingTimes, Http2Connection, type PingTimes } from './http2-connection.js';
import type { ApiServer } from './api-server.js';
import { ApiConnectionError, ApiTimeoutError } from './kubernetes.errors.js';
import { hostOf, tlsOptions } from './tls-options.js';
import { withSignal } from './with-signal.js';

export interface ApiTransportOptions {
  readonly clock: Clock;
  readonly ping?: PingTimes;
  /** From the first packet to the end of the TLS handshake, in milliseconds. @default 15000 */
  readonly connectTimeoutMs?: number;
}

interface KeptConnection {
  readonly tls: TlsMaterial | undefined;
  readonly connection: ApiConnection;
}

/**
 * Requests to one API server over as few connections as possible: one HTTP/2 session where it is spoken, else a pool
 * of HTTP/1.1 connections. Credentials are asked for each request; changed TLS material means a new connection, and the
 * former one ends with its last request.
 */
export class ApiTransport implements ApiClient {
  readonly #server: ApiServer;
  readonly #options: ApiTransportOptions;
  readonly #closed = new AbortController();
  #kept: readonly KeptConnection[] = [];
  #dialing:
    { readonly tls: TlsMaterial | undefined; readonly done: Promise<ApiConnection> } | undefined;

  constructor(server: ApiServer, options: ApiTransportOptions) {
    this.#server = server;
    this.#options = options;
  }

  async request(request: ApiRequest): Promise<ApiResponse> {
    const { credentials } = this.#server;
    const headers = await credentials.headers(false);
    const response = await this.#send(request, headers);
    if (response.status !== 401) return response;
    // The token may have been rotated a moment ago.
    const renewed = await credentials.headers(true);
    if (renewed['authorization'] === headers['authorization']) return response;
    response.body.destroy();
    return this.#send(request, renewed);
  }

  /** Ends everything under way. */
  close(): void {
    this.#closed.abort(new ApiConnectionError(`${this.#server.url}: closed`));
    for (const { connection } of this.#kept) connection.destroy();
    this.#kept = [];
    this.#server.credentials.close?.();
  }

  async #send(request: ApiRequest, authorization: RequestHeaders): Promise<ApiResponse> {
    const connection = await this.#connection(request.signal);
    request.signal.throwIfAborted();
    const basePath = new URL(this.#server.url).pathname.replace(/\/$/, '');
    return connection.request({
      ...request,
      path: `${basePath}${request.path}`,
      headers: {
        accept: 'application/json',
        'user-agent': 'target-allocator',
        ...request.headers,
        ...authorization,
      },
    });
  }

  async #connection(signal: AbortSignal): Promise<ApiConnection> {
    const material = this.#server.url.startsWith('https:')
      ? await this.#server.credentials.tls()
      : undefined;
    this.#retireOthers(material);
    const usable = this.#kept.find(
      (kept) => kept.connection.isUsable && sameMaterial(kept.tls, material),
    );
    if (usable !== undefined) return usable.connection;
    if (this.#dialing === undefined || !sameMaterial(this.#dialing.tls, material)) {
      this.#dialing = { tls: material, done: this.#dial(material) };
    }
    return withSignal(this.#dialing.done, signal);
  }

  #retireOthers(material: TlsMaterial | undefined): void {
    for (const { tls: former, connection } of this.#kept) {
      if (!sameMaterial(former, material)) connection.retire();
    }
    this.#kept = this.#kept.filter(({ connection }) => !connection.isClosed);
  }

  async #dial(material: TlsMaterial | undefined): Promise<ApiConnection> {
    try {
      const connection = await this.#open(material);
      if (this.#closed.signal.aborted) {
        connection.destroy();
        this.#closed.signal.throwIfAborted();
      }
      this.#kept = [...this.#kept, { tls: material, connection }];
      return connection;
    } finally {
      this.#dialing = undefined;
    }
  }

  async #open(material: TlsMaterial | undefined): Promise<ApiConnection> {
    const { origin } = new URL(this.#server.url);
    if (material === undefined) return new Http1Connection(origin, undefined);
    const socket = await this.#handshake(origin, material, await this.#tunnel(origin));
    if (socket.alpnProtocol === 'h2') {
      const { clock, ping = defaultPingTimes } = this.#options;
      return new Http2Connection(origin, socket, clock, ping);
    }
    socket.destroy();
    return new Http1Connection(origin, material, this.#server.tunnel);
  }

  async #tunnel(origin: string): Promise<Socket | undefined> {
    try {
      return await this.#server.tunnel?.();
    } catch (cause) {
      const reason = cause instanceof Error ? cause.message : String(cause);
      throw new ApiConnectionError(`${origin}: ${reason}`, { cause });
    }
  }

  #handshake(
    origin: string,
    material: TlsMaterial,
    tunnel: Socket | undefined,
  ): Promise<TLSSocket> {
    const { clock, connectTimeoutMs = 15_000 } = this.#options;
    const { port } = new URL(origin);
    return new Promise((resolve, reject) => {
      const socket = tls.connect({
        ...tlsOptions(origin, material),
        host: hostOf(origin),
        port: port === '' ? 443 : Number(port),
        ...(tunnel === undefined ? {} : { socket: tunnel }),
        ALPNProtocols: this.#server.allowHttp2 === false ? ['http/1.1'] : ['h2', 'http/1.1'],
      });
      const abort = (): void => {
        socket.destroy(new ApiConnectionError(`${origin}: closed`));
      };
      const cancel = clock.after(connectTimeoutMs, () => {
        socket.destroy(
          new ApiTimeoutError(`no TLS connection within ${connectTimeoutMs / 1000} s`),
        );
      });
      this.#closed.signal.addEventListener('abort', abort, { once: true });
      const settle = (): void => {
        cancel();
        this.#closed.signal.removeEventListener('abort', abort);
      };
      socket.once('secureConnect', () => {
        settle();
        socket.setKeepAlive(true, 30_000);
        resolve(socket);
      });
      socket.on('error', (cause: Error) => {
        settle();
        reject(new ApiConnectionError(`${origin}: ${cause.message}`, { cause }));
      });
    });
  }
}

function sameMaterial(a: TlsMaterial | undefined, b: TlsMaterial | undefined): boolean {
  return a === undefined || b === undefined ? a === b : sameTlsMaterial(a, b);
}
