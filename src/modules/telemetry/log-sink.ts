import { writeSync } from 'node:fs';
import { Socket } from 'node:net';
import type { Writable } from 'node:stream';

/** Takes text at once or loses it: it neither waits nor keeps more than it has room for. */
export interface LogSink {
  /** Never throws. */
  write(text: string): void;
}

/** What waits for a reader that is slow, or does not read at all, in characters. */
const MOST_WAITING = 1024 * 1024;

/**
 * The way to write to a stream of the process.
 *
 * @param onLost Called for each text that is lost.
 */
export function logSinkTo(stream: Writable, onLost: () => void): LogSink {
  if (!(stream instanceof Socket) && 'fd' in stream && typeof stream.fd === 'number') {
    return new FileSink(stream.fd, onLost);
  }
  return new StreamSink(stream, onLost);
}

/** A pipe or a terminal. Whoever read it may be gone (EPIPE), which must not end the process with an unhandled `error` event. */
class StreamSink implements LogSink {
  #isBroken = false;

  constructor(
    private readonly stream: Writable,
    private readonly onLost: () => void,
  ) {
    stream.on('error', () => (this.#isBroken = true));
  }

  write(text: string): void {
    const { stream, onLost } = this;
    const isUsable = !this.#isBroken && !stream.destroyed;
    if (!isUsable || stream.writableLength + text.length > MOST_WAITING) {
      onLost();
      return;
    }
    stream.write(text, (error) => {
      if (error instanceof Error) onLost();
    });
  }
}

/** A file. Its file system may be full, and have room again later: Node's own stream would give up at the first error. */
class FileSink implements LogSink {
  #isLineCut = false;

  constructor(
    private readonly fd: number,
    private readonly onLost: () => void,
  ) {}

  write(text: string): void {
    const bytes = Buffer.from(this.#isLineCut ? `\n${text}` : text);
    let written = 0;
    try {
      while (written < bytes.length) written += writeSync(this.fd, bytes, written);
      this.#isLineCut = false;
    } catch {
      this.#isLineCut ||= written > 0;
      this.onLost();
    }
  }
}
