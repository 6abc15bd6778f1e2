import type { Agent } from 'node:http';
import type { Answer } from '../measure/request.js';
import type { RunningAllocator } from '../process/running-allocator.js';

/** How is asked: for the bytes, for compressed bytes, or whether they are still those that one has. */
export type PollKind = 'body' | 'gzip' | 'etag';

export interface Poll {
  readonly ms: number;
  readonly bytes: number;
}

/** Asks as a collector does, and remembers what it has got. */
export class Poller {
  readonly #etags = new Map<string, string>();

  constructor(
    private readonly allocator: RunningAllocator,
    private readonly kind: PollKind,
  ) {}

  /** @throws Error when the answer is none. */
  async poll(path: string, agent: Agent): Promise<Poll> {
    const { status, headers, body, ms } = await this.#get(path, agent);
    const isKnown = this.#etags.has(path) && this.kind === 'etag';
    if (status !== (isKnown ? 304 : 200)) throw new Error(`${path}: ${String(status)}`);
    if (headers.etag !== undefined) this.#etags.set(path, headers.etag);
    return { ms, bytes: body.length };
  }

  /** A connection that the server gave up while nobody asked is made anew, as every client does. */
  async #get(path: string, agent: Agent): Promise<Answer> {
    const options = { agent, headers: this.#headers(path) };
    try {
      return await this.allocator.get(path, options);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ECONNRESET') throw error;
      return this.allocator.get(path, options);
    }
  }

  #headers(path: string): Readonly<Record<string, string>> {
    if (this.kind === 'gzip') return { 'accept-encoding': 'gzip' };
    const etag = this.kind === 'etag' ? this.#etags.get(path) : undefined;
    return etag === undefined ? {} : { 'if-none-match': etag };
  }
}
