import type { RequestListener, Server } from 'node:http';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { OpenApiDocument } from './api/openapi.js';
import { APP_VERSION } from './http.tokens.js';
import { configureServer } from './server/configure-server.js';
import { LastAnswers } from './server/last-answers.js';
import { PolledRoutes } from './server/polled-routes.js';
import { isEndless, refuseConnection } from './server/refuse-connection.js';
import type { ServerLimits } from './server/server-limits.js';

/** Completes an application that was made with {@link createFastifyAdapter}; call it before `init()` or `listen()`. */
export function configureApp(
  app: NestFastifyApplication,
  limits: Partial<ServerLimits> = {},
): void {
  const server: Server = app.getHttpServer();
  configureServer(server, limits);
  server.removeAllListeners('request').on('request', requestListenerOf(app));
  app
    .get(OpenApiDocument, { strict: false })
    .describe(app, app.get<string>(APP_VERSION, { strict: false }));
}

/** What answers the requests of each listener of the application: the routes, and before them the short way of polls. */
export function requestListenerOf(app: NestFastifyApplication): RequestListener {
  const server: Server = app.getHttpServer();
  const fastify = app.getHttpAdapter().getInstance();
  const routes: RequestListener = (request, response) => {
    fastify.routing(request, response);
  };
  const pollsFirst = app.get(PolledRoutes, { strict: false }).before(routes);
  const lastAnswers = app.get(LastAnswers, { strict: false });
  return (request, response) => {
    if (isEndless(request)) {
      refuseConnection(response, 400);
      return;
    }
    // At the end, the routes tell each client to close its connection.
    const isEnding = lastAnswers.hasBegun || !server.listening;
    (isEnding ? routes : pollsFirst)(request, response);
  };
}
