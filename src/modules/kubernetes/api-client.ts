import type { Clock } from '../../plugin-api/index.js';
import type { ApiClient } from './api-connection.js';
import { refusalError } from './api-status.js';
import { IdleTimer } from './idle-timer.js';
import { ApiProtocolError, ApiTimeoutError } from './kubernetes.errors.js';
import { readBody, readJson } from './read-answer.js';
import { objectPath, resourcePath, type ObjectName, type ResourceQuery } from './resource-query.js';

/** From the first byte sent to the last one read, in milliseconds: one object is soon told. */
const requestTimeoutMs = 15_000;

/** Single requests for single objects; what is watched goes through informers. */
export class ApiObjects {
  constructor(
    private readonly client: ApiClient,
    private readonly clock: Clock,
  ) {}

  /**
   * The object as it is now, not as a cache of the server has it.
   *
   * @throws ApiStatusError when the server refuses; ApiConnectionError, ApiTimeoutError or ApiProtocolError when it does
   *   not answer as it should.
   */
  read(name: ObjectName, signal: AbortSignal): Promise<unknown> {
    const path = objectPath(name);
    return this.#inTime(`GET ${path}`, signal, (idle) => readJson(this.client, path, idle));
  }

  /** The object as the server has made it. @throws as {@link read} */
  create(query: ResourceQuery, object: unknown, signal: AbortSignal): Promise<unknown> {
    return this.#send('POST', resourcePath(query, {}), { object, signal });
  }

  /**
   * Puts the object in the place of the one that there is, and gives it as the server has it then. With a
   * `metadata.resourceVersion` the server refuses it with 409 when the present object is another. @throws as {@link read}
   */
  replace(name: ObjectName, object: unknown, signal: AbortSignal): Promise<unknown> {
    return this.#send('PUT', objectPath(name), { object, signal });
  }

  #send(
    method: 'POST' | 'PUT',
    path: string,
    { object, signal }: { readonly object: unknown; readonly signal: AbortSignal },
  ): Promise<unknown> {
    return this.#inTime(`${method} ${path}`, signal, async (idle) => {
      const response = await this.client.request({
        method,
        path,
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(object),
        signal: idle.signal,
      });
      const text = (await readBody(response, idle)).toString('utf8');
      if (response.status >= 200 && response.status < 300) return parsed(text, `${method} ${path}`);
      throw refusalError(response.status, text, response.headers['retry-after']);
    });
  }

  async #inTime<T>(
    what: string,
    signal: AbortSignal,
    send: (idle: IdleTimer) => Promise<T>,
  ): Promise<T> {
    const idle = new IdleTimer(this.clock, signal);
    const cancel = this.clock.after(requestTimeoutMs, () => {
      idle.abort(
        new ApiTimeoutError(`no whole answer within ${requestTimeoutMs / 1000} s: ${what}`),
      );
    });
    try {
      return await send(idle);
    } finally {
      cancel();
      idle.stop();
    }
  }
}

function parsed(text: string, what: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new ApiProtocolError(`the answer to ${what} is no JSON`, { cause });
  }
}
