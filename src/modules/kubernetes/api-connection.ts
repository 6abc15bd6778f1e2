import type { Readable } from 'node:stream';
import type { RequestHeaders } from './api-credentials.js';

/** One request to an API server, its answer read as it comes. */
export interface ApiRequest {
  readonly method?: string;
  /** Path and query, without the server's own path. */
  readonly path: string;
  readonly headers?: RequestHeaders;
  readonly body?: string;
  /** Ends the request at any time, its body included. */
  readonly signal: AbortSignal;
}

export interface ApiResponse {
  readonly status: number;
  /** Lower-case names. */
  readonly headers: Readonly<Record<string, string | undefined>>;
  /** Must be read to its end or destroyed. */
  readonly body: Readable;
}

/** Something that requests can be sent to. */
export interface ApiClient {
  /** @throws ApiConnectionError when no answer began; whatever the signal was aborted with. */
  request(request: ApiRequest): Promise<ApiResponse>;
}

/** A way to send requests: one HTTP/2 session, or a pool of HTTP/1.1 connections. */
export interface ApiConnection extends ApiClient {
  /** New requests may be sent over it. */
  readonly isUsable: boolean;
  /** Nothing is open any more. */
  readonly isClosed: boolean;
  /** No new requests; closed when those under way have ended. */
  retire(): void;
  destroy(): void;
}

/** Makes an abort end a body that is being read, with the abort's reason as the reader's error. */
export function endWithSignal(body: Readable, signal: AbortSignal): void {
  const end = (): void => {
    const reason: unknown = signal.reason;
    body.destroy(reason instanceof Error ? reason : undefined);
  };
  // It may end before anybody reads it; who reads it gets the error all the same.
  body.on('error', () => undefined);
  if (signal.aborted) end();
  else {
    signal.addEventListener('abort', end, { once: true });
    body.once('close', () => {
      signal.removeEventListener('abort', end);
    });
  }
}
