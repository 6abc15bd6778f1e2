import type { Writable } from 'node:stream';

import { pino, type Logger as Pino } from 'pino';

import type { Clock, LogFields, Logger } from '../../plugin-api/index.js';
import type { LogConfig, LogLevel } from '../config/index.js';
import { cutText, safeFields, stackOf } from './log-fields.js';
import { LogDestination } from './log-destination.js';
import { consoleLine, encodeTime, escapeHidden } from './log-line.js';

const severity: Readonly<Record<LogLevel, number>> = {
  debug: 20,
  info: 30,
  warn: 40,
  error: 50,
  panic: 60,
};

/** The {@link Logger} of the process: lines in the shape of the Go allocator's zap logger, written by pino. */
export class PinoLogger implements Logger {
  readonly #pino: Pino;
  readonly #name: string;
  readonly #stacktraceLevel: LogLevel;

  private constructor(root: Pino, name: string, stacktraceLevel: LogLevel) {
    this.#pino = root;
    this.#name = name;
    this.#stacktraceLevel = stacktraceLevel;
  }

  static create(config: LogConfig, clock: Clock, stream: Writable): PinoLogger {
    const format = config.encoder === 'console' ? consoleLine : escapeHidden;
    const root = pino(
      {
        level: config.level === 'panic' ? 'fatal' : config.level,
        base: null,
        messageKey: 'msg',
        timestamp: () => `,"ts":${encodeTime(clock.epochMs(), config.timeEncoding)}`,
        formatters: { level: (label) => ({ level: label }) },
      },
      new LogDestination(stream, format),
    );
    return new PinoLogger(root, '', config.stacktraceLevel);
  }

  debug(message: string, fields?: LogFields): void {
    this.#write('debug', message, fields);
  }

  info(message: string, fields?: LogFields): void {
    this.#write('info', message, fields);
  }

  warn(message: string, fields?: LogFields): void {
    this.#write('warn', message, fields);
  }

  error(message: string, fields?: LogFields): void {
    this.#write('error', message, fields);
  }

  child(name: string): Logger {
    const fullName = this.#name === '' ? name : `${this.#name}.${name}`;
    return new PinoLogger(this.#pino, fullName, this.#stacktraceLevel);
  }

  #write(
    level: 'debug' | 'info' | 'warn' | 'error',
    message: string,
    fields: LogFields = {},
  ): void {
    if (!this.#pino.isLevelEnabled(level)) return;
    const hasStack = severity[level] >= severity[this.#stacktraceLevel];
    const stacktrace = hasStack ? stackOf(fields) : undefined;
    this.#pino[level]({
      ...(this.#name === '' ? {} : { logger: this.#name }),
      msg: cutText(message),
      ...safeFields(fields),
      ...(stacktrace === undefined ? {} : { stacktrace }),
    });
  }
}
