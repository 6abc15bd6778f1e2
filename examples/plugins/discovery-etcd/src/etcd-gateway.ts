import { readFile } from 'node:fs/promises';
import { type IncomingMessage, request as requestHttp } from 'node:http';
import { request as requestHttps } from 'node:https';
import type { Clock } from 'target-allocator/plugin-api';
import type { EtcdClient, EtcdEvent, EtcdSnapshot } from './etcd-client.js';
import { EtcdError } from './etcd.errors.js';
import { prefixBounds, readEvents, readSnapshot, readToken } from './etcd-messages.js';
import { readAll, readLines } from './json-body.js';
import type { EtcdSdConfig } from './options.js';

/** For an answer, or the beginning of a watch, in milliseconds. */
const ANSWER_TIMEOUT_MS = 10_000;
/** A peer that is gone without a word is noticed after about so long, in milliseconds. */
const KEEP_ALIVE_MS = 30_000;

/**
 * One member of an etcd by its JSON gateway, which every etcd serves beside gRPC. The HTTP client of the host reads answers
 * whole, and a watch never ends: so this one has connections of its own.
 *
 * @see https://etcd.io/docs/v3.6/dev-guide/api_grpc_gateway/
 */
export class EtcdGateway implements EtcdClient {
  #token: string | undefined;

  constructor(
    private readonly endpoint: string,
    private readonly config: EtcdSdConfig,
    private readonly clock: Clock,
  ) {}

  async range(signal: AbortSignal): Promise<EtcdSnapshot> {
    await this.#authenticate(signal);
    return readSnapshot(await this.#ask('/v3/kv/range', prefixBounds(this.config.prefix), signal));
  }

  async *watch(
    fromRevision: bigint,
    signal: AbortSignal,
  ): AsyncGenerator<readonly EtcdEvent[], void> {
    const create = {
      ...prefixBounds(this.config.prefix),
      start_revision: String(fromRevision),
    };
    const answer = await this.#inTime(signal, (bounded) =>
      this.#post('/v3/watch', { create_request: create }, bounded),
    );
    const stop = (): void => {
      answer.destroy();
    };
    signal.addEventListener('abort', stop);
    try {
      for await (const message of readLines(answer)) yield readEvents(message);
    } catch (error) {
      throw this.#failed('/v3/watch', error);
    } finally {
      signal.removeEventListener('abort', stop);
      stop();
    }
    throw this.#failed('/v3/watch', 'the server has ended it');
  }

  async #authenticate(signal: AbortSignal): Promise<void> {
    const { username, password_file: file } = this.config;
    if (username === undefined || file === undefined) return;
    this.#token = undefined;
    const password = (await readFile(file, 'utf8')).trim();
    const answer = await this.#ask('/v3/auth/authenticate', { name: username, password }, signal);
    this.#token = readToken(answer);
  }

  #ask(path: string, body: object, signal: AbortSignal): Promise<unknown> {
    return this.#inTime(signal, async (bounded) =>
      readAll(await this.#post(path, body, bounded)).catch((error: unknown) => {
        throw this.#failed(path, error);
      }),
    );
  }

  async #post(path: string, body: object, signal: AbortSignal): Promise<IncomingMessage> {
    const url = new URL(path, this.endpoint);
    const options = {
      method: 'POST',
      signal,
      agent: false as const,
      headers: {
        'content-type': 'application/json',
        ...(this.#token !== undefined && { authorization: this.#token }),
      },
      ...(await this.#tls()),
    };
    const request = url.protocol === 'https:' ? requestHttps : requestHttp;
    const answer = await new Promise<IncomingMessage>((resolve, reject) => {
      const outgoing = request(url, options, resolve);
      outgoing.on('socket', (socket) => socket.setKeepAlive(true, KEEP_ALIVE_MS));
      outgoing.on('error', (error) => {
        reject(this.#failed(path, error));
      });
      outgoing.end(JSON.stringify(body));
    });
    if (answer.statusCode === 200) return answer;
    const said = await readAll(answer).catch(() => undefined);
    throw this.#failed(path, `HTTP status ${String(answer.statusCode)} ${JSON.stringify(said)}`);
  }

  async #tls(): Promise<{ ca?: string; cert?: string; key?: string }> {
    const { ca_file: ca, cert_file: cert, key_file: key } = this.config.tls_config;
    return {
      ...(ca !== undefined && { ca: await readFile(ca, 'utf8') }),
      ...(cert !== undefined && { cert: await readFile(cert, 'utf8') }),
      ...(key !== undefined && { key: await readFile(key, 'utf8') }),
    };
  }

  /** The work is aborted when it takes too long, but not what it has led to. */
  async #inTime<T>(signal: AbortSignal, work: (bounded: AbortSignal) => Promise<T>): Promise<T> {
    const late = new AbortController();
    const cancel = this.clock.after(ANSWER_TIMEOUT_MS, () => {
      late.abort(new EtcdError(`${this.endpoint} has not answered in ${ANSWER_TIMEOUT_MS} ms`));
    });
    const abort = (): void => {
      late.abort(signal.reason);
    };
    signal.addEventListener('abort', abort);
    if (signal.aborted) abort();
    try {
      return await work(late.signal);
    } catch (error) {
      if (late.signal.reason instanceof EtcdError) throw late.signal.reason;
      throw error;
    } finally {
      cancel();
      signal.removeEventListener('abort', abort);
    }
  }

  #failed(path: string, reason: unknown): EtcdError {
    if (reason instanceof EtcdError) return reason;
    const text = reason instanceof Error ? reason.message : String(reason);
    return new EtcdError(`${this.endpoint}${path}: ${text}`, { cause: reason });
  }
}
