import { runInSlices, type Clock } from '../../../plugin-api/index.js';

/** How long the sources may hold the event loop together, in milliseconds. */
const turnMs = 5;

/**
 * Lets the sources of many jobs work one after the other. They are all told of the same changes at the same moment, and
 * slices of their own would follow each other without the event loop turning in between.
 */
export class SharedSlices {
  readonly #clock: Clock;
  #last: Promise<void> = Promise.resolve();
  #waiting = 0;
  #turnEndsMs = 0;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** As {@link runInSlices}, after those that came before. */
  async run<T>(work: Iterator<unknown, T>, signal: AbortSignal): Promise<T> {
    const former = this.#last;
    const isFirst = this.#waiting === 0;
    let release = (): void => undefined;
    this.#last = new Promise((resolve) => (release = resolve));
    this.#waiting += 1;
    try {
      await former;
      const nowMs = this.#clock.monotonicMs();
      if (isFirst) this.#turnEndsMs = nowMs + turnMs;
      else if (nowMs >= this.#turnEndsMs) await this.#turn(signal);
      signal.throwIfAborted();
      return await runInSlices(work, this.#clock, signal);
    } finally {
      this.#waiting -= 1;
      release();
    }
  }

  async #turn(signal: AbortSignal): Promise<void> {
    await this.#clock.sleep(0, signal);
    this.#turnEndsMs = this.#clock.monotonicMs() + turnMs;
  }
}

const ofClock = new WeakMap<Clock, SharedSlices>();

/** Those of all sources on one clock. */
export function sharedSlices(clock: Clock): SharedSlices {
  const known = ofClock.get(clock) ?? new SharedSlices(clock);
  ofClock.set(clock, known);
  return known;
}
