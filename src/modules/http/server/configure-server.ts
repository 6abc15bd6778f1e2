import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import { answerClientError } from './client-error.js';
import { errorText, TEXT_TYPE } from './error-text.js';
import { defaultServerLimits, type ServerLimits } from './server-limits.js';

/**
 * Sets what Node's servers take after construction. For the server of each listener: the one inside Fastify and those
 * beside it (a TLS listener is an `https.Server` with {@link nodeServerOptions} that hands requests to
 * `fastify.routing`).
 */
export function configureServer(server: Server, limits: Partial<ServerLimits> = {}): void {
  const { maxConnections, writeIdleTimeoutMs } = { ...defaultServerLimits, ...limits };
  server.maxConnections = maxConnections;
  // Counts while an answer is being written, and bytes that the client takes wind it up again.
  server.setTimeout(writeIdleTimeoutMs);
  server.on('checkExpectation', refuseExpectation);
  if (server.listenerCount('clientError') === 0) server.on('clientError', answerClientError);
}

/** Node's own refusal has an empty body. */
function refuseExpectation(_request: IncomingMessage, response: ServerResponse): void {
  const body = errorText(417);
  response.writeHead(417, {
    'Content-Type': TEXT_TYPE,
    'Content-Length': Buffer.byteLength(body),
    Connection: 'close',
  });
  response.end(body);
}
