/** Events that may be written at once after a quiet time. */
const burst = 20;
/** Time after which one more may be written, in milliseconds. */
const refillMs = 1_000;

/** How fast events may be written in all: a token bucket. */
export class EventPace {
  #tokens = burst;
  #refilledMs: number;

  /** Times are those of the monotonic clock, in milliseconds. */
  constructor(nowMs: number) {
    this.#refilledMs = nowMs;
  }

  /** How long to wait for the next one, in milliseconds. */
  waitMs(nowMs: number): number {
    this.#refill(nowMs);
    return this.#tokens >= 1 ? 0 : this.#refilledMs + refillMs - nowMs;
  }

  take(nowMs: number): void {
    this.#refill(nowMs);
    this.#tokens -= 1;
  }

  #refill(nowMs: number): void {
    const refills = Math.floor((nowMs - this.#refilledMs) / refillMs);
    this.#tokens = Math.min(burst, this.#tokens + refills);
    this.#refilledMs += refills * refillMs;
  }
}
