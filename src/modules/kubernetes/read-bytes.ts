import type { Readable } from 'node:stream';
import {
  ApiConnectionError,
  ApiTimeoutError,
  RelistRequest,
  WatchListUnavailableError,
} from './kubernetes.errors.js';

/** What requests are aborted with. */
const ownReasons = [ApiTimeoutError, WatchListUnavailableError, RelistRequest] as const;

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
    if (ownReasons.some((reason) => cause instanceof reason)) throw cause;
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new ApiConnectionError(`the connection broke in the middle of an answer: ${why}`, {
      cause,
    });
  }
}
