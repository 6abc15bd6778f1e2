import { setTimeout as sleep } from 'node:timers/promises';
import type { Allocator } from '../../fixtures/allocator.js';

/** Asks as collectors do, each time on a new connection, until it is stopped; every answer must be there and be full. */
export class Polls {
  readonly #allocator: Allocator;
  readonly #paths: readonly string[];
  readonly #running: Promise<void>;
  #isOver = false;
  answered = 0;
  longestMs = 0;
  readonly failures: string[] = [];

  constructor(allocator: Allocator, paths: readonly string[]) {
    this.#allocator = allocator;
    this.#paths = paths;
    this.#running = this.#run();
  }

  async stop(): Promise<void> {
    this.#isOver = true;
    await this.#running;
  }

  async #run(): Promise<void> {
    while (!this.#isOver) {
      for (const path of this.#paths) await this.#ask(path);
      await sleep(50);
    }
  }

  async #ask(path: string): Promise<void> {
    const start = performance.now();
    try {
      const { status, text } = await this.#allocator.get(path);
      if (status !== 200 || text.length < 10) throw new Error(`${String(status)} ${text}`);
      this.answered += 1;
    } catch (error) {
      this.failures.push(`${path}: ${String(error)}`);
    }
    this.longestMs = Math.max(this.longestMs, performance.now() - start);
  }
}
