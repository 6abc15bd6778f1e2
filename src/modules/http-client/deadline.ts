import type { Clock } from '../../plugin-api/index.js';

/** Ends a request when its time is over or its caller gives up, whichever comes first. */
export class Deadline {
  readonly #controller = new AbortController();
  readonly #caller: AbortSignal;
  readonly #cancel: () => void;
  readonly timeoutMs: number;
  #isOver = false;

  constructor(clock: Clock, timeoutMs: number, caller: AbortSignal) {
    this.timeoutMs = timeoutMs;
    this.#caller = caller;
    this.#cancel = clock.after(timeoutMs, () => {
      this.#isOver = true;
      this.#controller.abort();
    });
    if (caller.aborted) this.#controller.abort();
    caller.addEventListener('abort', this.#abort, { once: true });
  }

  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  /** The time was over, rather than the caller having given up. */
  get isOver(): boolean {
    return this.#isOver;
  }

  /** Does not wait for work that is slow to notice the signal. */
  race<T>(work: Promise<T>): Promise<T> {
    return new Promise((resolve, reject) => {
      const onAbort = (): void => {
        reject(new DOMException('aborted', 'AbortError'));
      };
      this.signal.addEventListener('abort', onAbort, { once: true });
      if (this.signal.aborted) onAbort();
      work.then(resolve, reject);
    });
  }

  end(): void {
    this.#cancel();
    this.#caller.removeEventListener('abort', this.#abort);
  }

  readonly #abort = (): void => {
    this.#controller.abort();
  };
}
