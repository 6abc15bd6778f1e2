import type { Writable } from 'node:stream';

import { pino, type Logger as Pino } from 'pino';

import type { Clock, LogFields, Logger, Meter } from '../../plugin-api/index.js';
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

/** What a logger shares with its children. */
interface LogRoot {
  readonly pino: Pino;
  readonly destination: LogDestination;
  readonly stacktraceLevel: LogLevel;
}

/** The {@link Logger} of the process: lines in the shape of the Go allocator's zap logger, written by pino. */
export class PinoLogger implements Logger {
  readonly #pino: Pino;
  readonly #name: string;
  readonly #root: LogRoot;

  private constructor(root: LogRoot, name: string) {
    this.#root = root;
    this.#pino = root.pino;
    this.#name = name;
  }

  static create(config: LogConfig, clock: Clock, stream: Writable): PinoLogger {
    const format = config.encoder === 'console' ? consoleLine : escapeHidden;
    const destination = new LogDestination(stream, format);
    const root = pino(
      {
        level: config.level === 'panic' ? 'fatal' : config.level,
        base: null,
        messageKey: 'msg',
        timestamp: () => `,"ts":${encodeTime(clock.epochMs(), config.timeEncoding)}`,
        formatters: { level: (label) => ({ level: label }) },
      },
      destination,
    );
    const { stacktraceLevel } = config;
    return new PinoLogger({ pino: root, destination, stacktraceLevel }, '');
  }

  /** Counts the lines that could not be written. */
  meter(meter: Meter): void {
    meter.observableCounter(
      {
        name: 'opentelemetry_allocator_log_lines_dropped_total',
        help: 'Log lines that could not be written: the disk was full, or whoever reads the log was gone or too slow.',
      },
      (report) => {
        report(this.#root.destination.dropped);
      },
    );
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
    return new PinoLogger(this.#root, fullName);
  }

  #write(
    level: 'debug' | 'info' | 'warn' | 'error',
    message: string,
    fields: LogFields = {},
  ): void {
    if (!this.#pino.isLevelEnabled(level)) return;
    const hasStack = severity[level] >= severity[this.#root.stacktraceLevel];
    const stacktrace = hasStack ? stackOf(fields) : undefined;
    this.#pino[level]({
      ...(this.#name === '' ? {} : { logger: this.#name }),
      msg: cutText(message),
      ...safeFields(fields),
      ...(stacktrace === undefined ? {} : { stacktrace }),
    });
  }
}
