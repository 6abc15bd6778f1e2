import type { Clock } from '../context.js';
import { sleepOn } from '../sleep-on.js';

interface FakeTimer {
  readonly dueMs: number;
  readonly order: number;
  readonly action: () => void;
}

/** A clock that stands still until a test moves it. */
export class FakeClock implements Clock {
  readonly #startEpochMs: number;
  readonly #timers = new Set<FakeTimer>();
  #nowMs = 0;
  #made = 0;

  /** @param startEpochMs The wall clock time at the beginning; 2026-01-01T00:00:00Z unless told. */
  constructor(startEpochMs: number = Date.UTC(2026, 0, 1)) {
    this.#startEpochMs = startEpochMs;
  }

  monotonicMs(): number {
    return this.#nowMs;
  }

  epochMs(): number {
    return this.#startEpochMs + this.#nowMs;
  }

  after(delayMs: number, action: () => void): () => void {
    const timer = { dueMs: this.#nowMs + Math.max(delayMs, 0), order: this.#made++, action };
    this.#timers.add(timer);
    return () => {
      this.#timers.delete(timer);
    };
  }

  sleep(delayMs: number, signal?: AbortSignal): Promise<void> {
    return sleepOn(this, delayMs, signal);
  }

  /** How many timers are armed. */
  get pendingTimers(): number {
    return this.#timers.size;
  }

  /** When the next timer is due, in milliseconds from now; `undefined` without timers. */
  get nextTimerInMs(): number | undefined {
    const next = this.#next(Infinity);
    return next === undefined ? undefined : next.dueMs - this.#nowMs;
  }

  /**
   * Moves time on and runs what falls due, in order. Promises are settled before the first timer, after each timer and
   * at the end, so that a timer armed by `await clock.sleep()` in a loop fires as often as it would have.
   */
  async advance(ms: number): Promise<void> {
    const untilMs = this.#nowMs + ms;
    await settle();
    for (let timer = this.#next(untilMs); timer !== undefined; timer = this.#next(untilMs)) {
      this.#fire(timer);
      await settle();
    }
    this.#nowMs = untilMs;
  }

  /** As {@link advance}, but without letting promises settle: for code that only uses `after()`. */
  advanceSync(ms: number): void {
    const untilMs = this.#nowMs + ms;
    for (let timer = this.#next(untilMs); timer !== undefined; timer = this.#next(untilMs)) {
      this.#fire(timer);
    }
    this.#nowMs = untilMs;
  }

  #fire(timer: FakeTimer): void {
    this.#nowMs = Math.max(this.#nowMs, timer.dueMs);
    this.#timers.delete(timer);
    timer.action();
  }

  #next(untilMs: number): FakeTimer | undefined {
    let next: FakeTimer | undefined;
    for (const timer of this.#timers) {
      if (timer.dueMs > untilMs) continue;
      if (next === undefined || timer.dueMs < next.dueMs) next = timer;
    }
    return next;
  }
}

/** Lets everything that is already resolved run its course. A macrotask runs after all microtasks. */
function settle(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
