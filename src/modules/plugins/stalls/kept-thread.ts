import type { Worker } from 'node:worker_threads';
import type { Clock } from '../../../plugin-api/index.js';

const FIRST_WAIT_MS = 1_000;
const LONGEST_WAIT_MS = 8_000;
/** A thread that has run for as long was well: its end says nothing about the next one. */
const WELL_AFTER_MS = 60_000;

/**
 * A thread that is started again when it ends by itself, whatever ended it (an error, no memory left, an exit), after a
 * wait that doubles from one second to eight. Nothing of it reaches the main thread but a call.
 */
export class KeptThread {
  #worker: Worker | undefined;
  #cancel: () => void = () => undefined;
  #waitMs = FIRST_WAIT_MS;
  #isStopped = false;

  /**
   * @param start Makes the thread.
   * @param onEnd It has ended, for this reason, and will be there again after the wait.
   */
  constructor(
    private readonly start: () => Worker,
    private readonly clock: Clock,
    private readonly onEnd: (reason: string, waitMs: number) => void,
  ) {
    this.#run();
  }

  async stop(): Promise<void> {
    this.#isStopped = true;
    this.#cancel();
    await this.#worker?.terminate();
  }

  #run(): void {
    const startedMs = this.clock.monotonicMs();
    const worker = this.start();
    this.#worker = worker;
    let reason: string | undefined;
    // Without a listener the error of a thread would be one of the process, and end it.
    worker.on('error', (error) => {
      reason = String(error);
    });
    worker.on('exit', (code) => {
      if (this.#isStopped) return;
      if (this.clock.monotonicMs() - startedMs >= WELL_AFTER_MS) this.#waitMs = FIRST_WAIT_MS;
      const waitMs = this.#waitMs;
      this.#waitMs = Math.min(2 * waitMs, LONGEST_WAIT_MS);
      this.onEnd(reason ?? `it exited with ${String(code)}`, waitMs);
      this.#cancel = this.clock.after(waitMs, () => {
        this.#run();
      });
    });
  }
}
