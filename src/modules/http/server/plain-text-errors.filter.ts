import {
  type ArgumentsHost,
  Catch,
  type ExceptionFilter,
  HttpException,
  Inject,
} from '@nestjs/common';
import type { Logger } from '../../../plugin-api/index.js';
import { LOGGER } from '../../telemetry/index.js';
import type { FastifyReply, FastifyRequest } from '../fastify-types.js';
import { errorText, TEXT_TYPE } from './error-text.js';

/** As the Go allocator says it; clients may look for it. */
const NOT_FOUND = '404 page not found';

/** Turns every error of every route into a line of text (see {@link errorText}); Nest would answer with a JSON map. */
@Catch()
export class PlainTextErrorsFilter implements ExceptionFilter {
  readonly #logger: Logger;

  constructor(@Inject(LOGGER) logger: Logger) {
    this.#logger = logger.child('http');
  }

  catch(error: unknown, host: ArgumentsHost): void {
    const http = host.switchToHttp();
    const reply = http.getResponse<FastifyReply>();
    const status = statusOf(error);
    if (status === 500) {
      const { url } = http.getRequest<FastifyRequest>();
      this.#logger.error('request failed', { url, error });
    }
    if (reply.sent) return;
    void reply.status(status).header('Content-Type', TEXT_TYPE).send(textOf(status, error));
  }
}

function statusOf(error: unknown): number {
  if (error instanceof HttpException) return error.getStatus();
  // Fastify's own refusals (body too large, unknown media type) carry their status.
  if (error instanceof Error && 'statusCode' in error && typeof error.statusCode === 'number') {
    return error.statusCode >= 400 ? error.statusCode : 500;
  }
  return 500;
}

function textOf(status: number, error: unknown): string {
  if (status === 404) return NOT_FOUND;
  // What went wrong inside is in the log; it may name what a client must not know.
  if (status === 500 || !(error instanceof HttpException)) return errorText(status);
  return errorText(status, error.message);
}
