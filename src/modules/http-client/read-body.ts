import { setImmediate } from 'node:timers/promises';
import type { Dispatcher } from 'undici';
import {
  HttpBodyTooLargeError,
  HttpRequestError,
  type HttpRequestOptions,
} from '../../plugin-api/index.js';

/**
 * Reads a body whole.
 *
 * @throws HttpBodyTooLargeError as soon as it is seen to be longer than allowed.
 * @throws HttpRequestError `TA_HTTP_ENCODED` when it is compressed, which was not asked for; `TA_HTTP_REFUSED` when the
 *   check of the caller does not take it.
 */
export async function readBody(
  response: Dispatcher.ResponseData,
  { maxBodyBytes, bodyCheck }: Pick<HttpRequestOptions, 'maxBodyBytes' | 'bodyCheck'>,
): Promise<Uint8Array> {
  const { body, headers } = response;
  // A body that is left unread would hold its connection.
  const refuse = (error: HttpRequestError): never => {
    body.on('error', () => undefined).destroy();
    throw error;
  };
  const encoding = String(headers['content-encoding'] ?? 'identity').trim();
  if (encoding !== '' && encoding.toLowerCase() !== 'identity') {
    const reason = `the answer is encoded (${encoding}), which was not asked for; send it as it is`;
    refuse(new HttpRequestError('TA_HTTP_ENCODED', reason));
  }
  if (Number(headers['content-length']) > maxBodyBytes) {
    refuse(new HttpBodyTooLargeError(maxBodyBytes));
  }
  const takes = bodyCheck?.();
  const check = (chunk: Uint8Array): void => {
    try {
      takes?.(chunk);
    } catch (error) {
      refuse(refusalOf(error));
    }
  };
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of chunksOf(body)) {
    size += chunk.length;
    if (size > maxBodyBytes) refuse(new HttpBodyTooLargeError(maxBodyBytes));
    check(chunk);
    chunks.push(chunk);
  }
  return joined(chunks, size);
}

/** What the caller's check says of an answer that it does not take. */
function refusalOf(error: unknown): HttpRequestError {
  const reason = error instanceof Error ? error.message : String(error);
  return new HttpRequestError('TA_HTTP_REFUSED', reason, { cause: error });
}

/** Copied between two turns of the event loop: a few milliseconds, where a big body would take many. */
const COPIED_AT_ONCE = 8 * 1024 * 1024;

async function joined(chunks: readonly Uint8Array[], size: number): Promise<Uint8Array> {
  const [only] = chunks;
  if (chunks.length === 1 && only !== undefined) return only;
  const body = Buffer.allocUnsafe(size);
  let at = 0;
  let pauseAt = COPIED_AT_ONCE;
  for (const chunk of chunks) {
    body.set(chunk, at);
    at += chunk.length;
    if (at < pauseAt) continue;
    pauseAt += COPIED_AT_ONCE;
    await setImmediate();
  }
  return body;
}

async function* chunksOf(body: AsyncIterable<unknown>): AsyncGenerator<Uint8Array> {
  for await (const chunk of body) {
    if (chunk instanceof Uint8Array) yield chunk;
  }
}
