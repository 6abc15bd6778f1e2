import type { Writable } from 'node:stream';

/**
 * Writes lines to a stream and outlives it: when whoever read the log is gone (EPIPE), lines are dropped instead of ending
 * the process with an unhandled `error` event.
 */
export class LogDestination {
  readonly #stream: Writable;
  readonly #format: (line: string) => string;
  #isBroken = false;

  constructor(stream: Writable, format: (line: string) => string) {
    this.#stream = stream;
    this.#format = format;
    stream.on('error', () => (this.#isBroken = true));
  }

  write(line: string): void {
    if (this.#isBroken || this.#stream.destroyed) return;
    this.#stream.write(this.#format(line));
  }
}
