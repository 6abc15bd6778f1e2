import type { LoggerService } from '@nestjs/common';

import type { Logger } from '../../plugin-api/index.js';

/** Nest's own messages in our log. What Nest takes for news (each module, each route) is detail to an operator. */
export class NestLogger implements LoggerService {
  readonly #logger: Logger;

  constructor(logger: Logger) {
    this.#logger = logger;
  }

  log(message: unknown, ...context: readonly unknown[]): void {
    this.#logger.debug(...line(message, context));
  }

  debug(message: unknown, ...context: readonly unknown[]): void {
    this.#logger.debug(...line(message, context));
  }

  verbose(message: unknown, ...context: readonly unknown[]): void {
    this.#logger.debug(...line(message, context));
  }

  warn(message: unknown, ...context: readonly unknown[]): void {
    this.#logger.warn(...line(message, context));
  }

  error(message: unknown, ...context: readonly unknown[]): void {
    this.#logger.error(...line(message, context));
  }

  fatal(message: unknown, ...context: readonly unknown[]): void {
    this.#logger.error(...line(message, context));
  }
}

/** Nest gives the name of the class that speaks as the last argument, a stack trace or an error before it. */
function line(
  message: unknown,
  rest: readonly unknown[],
): [message: string, fields: Readonly<Record<string, unknown>>] {
  const context = rest.at(-1);
  const details = rest.slice(0, -1).filter((detail) => detail !== undefined);
  const fields = {
    context,
    ...(details.length > 0 ? { details } : {}),
    ...(message instanceof Error ? { error: message } : {}),
  };
  if (typeof message === 'string') return [message, fields];
  if (message instanceof Error) return [message.message, fields];
  return ['message of the framework', { ...fields, message }];
}
