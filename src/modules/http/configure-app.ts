import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { OpenApiDocument } from './api/openapi.js';
import { APP_VERSION } from './http.tokens.js';
import { configureServer } from './server/configure-server.js';
import type { ServerLimits } from './server/server-limits.js';

/** Completes an application that was made with {@link createFastifyAdapter}; call it before `init()` or `listen()`. */
export function configureApp(
  app: NestFastifyApplication,
  limits: Partial<ServerLimits> = {},
): void {
  configureServer(app.getHttpServer(), limits);
  app
    .get(OpenApiDocument, { strict: false })
    .describe(app, app.get<string>(APP_VERSION, { strict: false }));
}
