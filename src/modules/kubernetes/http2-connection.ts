import http2, { type ClientHttp2Session, type ClientHttp2Stream } from 'node:http2';
import type { TLSSocket } from 'node:tls';
import type { Clock } from '../../plugin-api/index.js';
import {
  endWithSignal,
  type ApiConnection,
  type ApiRequest,
  type ApiResponse,
} from './api-connection.js';
import { textHeaders } from './http1-connection.js';
import { ApiConnectionError, ApiTimeoutError } from './kubernetes.errors.js';

/** How a connection that died without a word is found out. */
export interface PingTimes {
  readonly intervalMs: number;
  readonly timeoutMs: number;
}
/** client-go's figures: a dead connection is noticed within 45 s. */
export const defaultPingTimes: PingTimes = { intervalMs: 30_000, timeoutMs: 15_000 };

/** Room for bodies in flight, on each stream and on the session: a list should not wait for window updates. */
const windowBytes = 4 * 1024 * 1024;
/** What a server allows before it has said how much it allows (RFC 9113, 6.5.2, recommends at least this much). */
const assumedStreams = 100;

/** One HTTP/2 session: all watches of a server share one TCP connection, which is pinged. */
export class Http2Connection implements ApiConnection {
  readonly #origin: string;
  readonly #session: ClientHttp2Session;
  readonly #clock: Clock;
  readonly #ping: PingTimes;
  #openStreams = 0;
  #retired = false;
  #failure: Error | undefined;
  #cancelTimer: () => void = () => undefined;

  constructor(origin: string, socket: TLSSocket, clock: Clock, ping: PingTimes) {
    this.#origin = origin;
    this.#clock = clock;
    this.#ping = ping;
    this.#session = http2.connect(origin, {
      createConnection: () => socket,
      settings: { enablePush: false, initialWindowSize: windowBytes },
    });
    this.#session.once('connect', () => {
      this.#session.setLocalWindowSize(windowBytes * 4);
    });
    this.#session.on('error', (error) => {
      this.#failure ??= error;
    });
    this.#session.once('close', () => {
      this.#cancelTimer();
    });
    this.#awaitPing();
  }

  get isUsable(): boolean {
    const { closed, destroyed, remoteSettings } = this.#session;
    const allowed = remoteSettings.maxConcurrentStreams ?? assumedStreams;
    return !this.#retired && !closed && !destroyed && this.#openStreams < allowed;
  }

  get isClosed(): boolean {
    return this.#session.destroyed;
  }

  async request(request: ApiRequest): Promise<ApiResponse> {
    const { signal, body } = request;
    const stream = this.#openStream(request);
    this.#openStreams += 1;
    endWithSignal(stream, signal);
    return new Promise((resolve, reject) => {
      stream.once('response', (answer) => {
        resolve({ status: answer[':status'] ?? 0, headers: textHeaders(answer), body: stream });
      });
      stream.once('error', (cause: Error) => {
        reject(this.#describe(cause, signal));
      });
      stream.once('close', () => {
        this.#openStreams -= 1;
        reject(this.#describe(undefined, signal));
        this.#closeWhenUnused();
      });
      if (body !== undefined) stream.end(body);
    });
  }

  #openStream({ method = 'GET', path, headers = {}, body, signal }: ApiRequest): ClientHttp2Stream {
    try {
      return this.#session.request(
        { ':method': method, ':path': path, ...headers },
        { endStream: body === undefined },
      );
    } catch (error) {
      // The session ended a moment ago.
      throw this.#describe(error instanceof Error ? error : undefined, signal);
    }
  }

  retire(): void {
    this.#retired = true;
    this.#closeWhenUnused();
  }

  destroy(): void {
    this.#retired = true;
    this.#cancelTimer();
    this.#session.destroy();
  }

  #closeWhenUnused(): void {
    if (this.#retired && this.#openStreams === 0) this.destroy();
  }

  #describe(cause: Error | undefined, signal: AbortSignal): Error {
    if (signal.aborted && signal.reason instanceof Error) return signal.reason;
    const why = this.#failure ?? cause;
    return new ApiConnectionError(
      `${this.#origin}: ${why?.message ?? 'the connection was closed'}`,
      {
        cause: why,
      },
    );
  }

  #awaitPing(): void {
    this.#cancelTimer = this.#clock.after(this.#ping.intervalMs, () => {
      if (this.#session.destroyed) return;
      this.#cancelTimer = this.#clock.after(this.#ping.timeoutMs, () => {
        this.#session.destroy(
          new ApiTimeoutError(`no answer to a ping for ${this.#ping.timeoutMs / 1000} s`),
        );
      });
      this.#session.ping((error) => {
        this.#cancelTimer();
        if (error === null && !this.#session.destroyed) this.#awaitPing();
      });
    });
  }
}
