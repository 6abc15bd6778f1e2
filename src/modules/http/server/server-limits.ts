import type { ServerOptions } from 'node:http';

/** What a client may take of a server. Node's own defaults let 5,000 half requests stand for a minute and more. */
export interface ServerLimits {
  /** From the first byte of a request to the end of its headers, in milliseconds. */
  readonly headersTimeoutMs: number;
  /** From the first byte of a request to its end, in milliseconds. */
  readonly requestTimeoutMs: number;
  /** How often the two above are checked, in milliseconds. */
  readonly checkIntervalMs: number;
  /** How long a connection may wait for its next request, in milliseconds. */
  readonly keepAliveTimeoutMs: number;
  /** How long a client may read nothing of an answer that waits for it, in milliseconds. */
  readonly writeIdleTimeoutMs: number;
  /** Request line and headers together. */
  readonly maxHeaderBytes: number;
  readonly maxConnections: number;
}

export const defaultServerLimits: ServerLimits = {
  // Clients send them in one packet. What a busy moment adds still leaves slow senders no more than 15 s.
  headersTimeoutMs: 8_000,
  requestTimeoutMs: 15_000,
  checkIntervalMs: 1_000,
  // Collectors poll every 30 s, or 60 s with the operator: the server must not hang up just as they ask again.
  keepAliveTimeoutMs: 90_000,
  writeIdleTimeoutMs: 30_000,
  maxHeaderBytes: 32 * 1024,
  maxConnections: 20_000,
};

/** The limits as options of Node's HTTP and HTTPS servers, which take most of them at construction only. */
export function nodeServerOptions(limits: ServerLimits): ServerOptions {
  return {
    headersTimeout: limits.headersTimeoutMs,
    requestTimeout: limits.requestTimeoutMs,
    connectionsCheckingInterval: limits.checkIntervalMs,
    keepAliveTimeout: limits.keepAliveTimeoutMs,
    maxHeaderSize: limits.maxHeaderBytes,
    // Node's own refusal has an empty body, which collectors would take for "no jobs".
    requireHostHeader: false,
  };
}
