import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import { answerClientError } from './client-error.js';
import { refuseConnection } from './refuse-connection.js';
import { defaultServerLimits, type ServerLimits } from './server-limits.js';
import { keepUnsentAnswers } from './unsent-answers.js';

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
  // Node leaves out what is beyond a thousand, be it what tells where the body ends. Their size is bounded.
  server.maxHeadersCount = 0;
  server.on('checkExpectation', refuseExpectation);
  // Nothing here takes a body, so nobody is asked to continue; Node would say it inside of the answer to a pipelined request.
  server.on('checkContinue', (request: IncomingMessage, response: ServerResponse) => {
    server.emit('request', request, response);
  });
  keepUnsentAnswers(server);
  if (server.listenerCount('clientError') === 0) server.on('clientError', answerClientError);
}

/** Node's own refusal has an empty body. */
function refuseExpectation(_request: IncomingMessage, response: ServerResponse): void {
  refuseConnection(response, 417);
}
