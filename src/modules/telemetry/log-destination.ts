import type { Writable } from 'node:stream';

import { type LogSink, logSinkTo } from './log-sink.js';

/** Writes lines to a stream and outlives it: lines that it cannot take at once are dropped and counted. */
export class LogDestination {
  readonly #sink: LogSink;
  readonly #format: (line: string) => string;
  #dropped = 0;

  constructor(stream: Writable, format: (line: string) => string) {
    this.#sink = logSinkTo(stream, () => (this.#dropped += 1));
    this.#format = format;
  }

  /** Lines so far that nobody can read. */
  get dropped(): number {
    return this.#dropped;
  }

  write(line: string): void {
    this.#sink.write(this.#format(line));
  }
}
