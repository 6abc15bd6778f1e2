import { isUtf8 } from 'node:buffer';
import { ApiProtocolError } from './kubernetes.errors.js';

const newline = 0x0a;
const firstCapacity = 4 * 1024;

/** Longer than anything that etcd would store; more is a broken or hostile stream. */
export const longestLineBytes = 64 * 1024 * 1024;

/**
 * Cuts a byte stream at its newlines. Works on bytes, so that characters of several bytes may be cut anywhere, and
 * keeps an unfinished line in one growing buffer, so that a huge line that comes byte by byte costs linear time.
 */
export class LineSplitter {
  #pending = Buffer.alloc(0);
  #length = 0;

  /** Whether a line has begun that is not finished. */
  get hasPartialLine(): boolean {
    return this.#length > 0;
  }

  /**
   * The lines that the chunk finishes, without their newlines; empty lines are left out.
   *
   * @throws ApiProtocolError when a line is no UTF-8 or longer than {@link longestLineBytes}.
   */
  push(chunk: Uint8Array): readonly string[] {
    const lines: string[] = [];
    let begin = 0;
    for (let end = chunk.indexOf(newline); end !== -1; end = chunk.indexOf(newline, begin)) {
      const line = this.#finish(chunk.subarray(begin, end));
      if (line.length > 0) lines.push(decode(line));
      begin = end + 1;
    }
    this.#append(chunk.subarray(begin));
    return lines;
  }

  #finish(tail: Uint8Array): Uint8Array {
    if (this.#length === 0) return tail;
    this.#append(tail);
    const line = this.#pending.subarray(0, this.#length);
    // Lines are decoded before the next byte is appended, so the buffer can be used again; a huge one is let go.
    if (this.#pending.length > longestLineBytes / 64) this.#pending = Buffer.alloc(0);
    this.#length = 0;
    return line;
  }

  #append(bytes: Uint8Array): void {
    const length = this.#length + bytes.length;
    if (length > longestLineBytes) {
      throw new ApiProtocolError(`a line of more than ${longestLineBytes} bytes in a watch`);
    }
    if (length > this.#pending.length) {
      const grown = Buffer.allocUnsafe(
        Math.max(firstCapacity, length, Math.min(this.#pending.length * 2, longestLineBytes)),
      );
      this.#pending.copy(grown, 0, 0, this.#length);
      this.#pending = grown;
    }
    this.#pending.set(bytes, this.#length);
    this.#length = length;
  }
}

function decode(line: Uint8Array): string {
  if (!isUtf8(line)) throw new ApiProtocolError('a line of a watch is not UTF-8');
  return Buffer.from(line.buffer, line.byteOffset, line.byteLength).toString('utf8');
}
