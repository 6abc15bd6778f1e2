import type { Readable } from 'node:stream';
import {
  ApiConnectionError,
  ApiTimeoutError,
  WatchListUnavailableError,
} from './kubernetes.errors.js';

/**
 * The chunks of an answer's body.
 *
 * @throws ApiConnectionError when the connection breaks; what the request was aborted with when it is ours.
 */
export async function* readBytes(body: Readable): AsyncGenerator<Uint8Array, void, undefined> {
  try {
    for await (const chunk of body) {
      if (chunk instanceof Uint8Array) yield chunk;
    }
  } catch (cause) {
    if (cause instanceof ApiTimeoutError || cause instanceof WatchListUnavailableError) throw cause;
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new ApiConnectionError(`the connection broke in the middle of an answer: ${why}`, {
      cause,
    });
  }
}
