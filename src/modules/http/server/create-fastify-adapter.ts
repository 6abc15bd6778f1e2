import { FastifyAdapter } from '@nestjs/platform-fastify';
import type { FastifyReply } from '../fastify-types.js';
import { answerClientError } from './client-error.js';
import { errorText, TEXT_TYPE } from './error-text.js';
import { defaultServerLimits, nodeServerOptions, type ServerLimits } from './server-limits.js';

/** The Fastify that serves the API: paths as the Go allocator's, no request bodies, text for all of its own errors. */
export function createFastifyAdapter(limits: Partial<ServerLimits> = {}): FastifyAdapter {
  const all = { ...defaultServerLimits, ...limits };
  return new FastifyAdapter({
    http: nodeServerOptions(all),
    requestTimeout: all.requestTimeoutMs,
    keepAliveTimeout: all.keepAliveTimeoutMs,
    connectionTimeout: all.writeIdleTimeoutMs,
    // Nothing here takes a body; the smallest limit that Fastify accepts.
    bodyLimit: 1,
    // What still comes in while the server closes is answered from the last good state, not with a JSON map.
    return503OnClosing: false,
    forceCloseConnections: 'idle',
    exposeHeadRoutes: true,
    skipMiddie: true,
    routerOptions: {
      // The collector's HTTP_SD client is told not to follow redirects, so there are none.
      ignoreTrailingSlash: true,
      // A job's name is a path segment and may be as long as the whole request line.
      maxParamLength: all.maxHeaderBytes,
    },
    clientErrorHandler: answerClientError,
    frameworkErrors: (
      error: { readonly statusCode?: number },
      _request: unknown,
      reply: FastifyReply,
    ) => {
      const status = error.statusCode ?? 400;
      void reply.status(status).header('Content-Type', TEXT_TYPE).send(errorText(status));
    },
  });
}
