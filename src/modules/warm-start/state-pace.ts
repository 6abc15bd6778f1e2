/** How often it is looked whether something has changed. */
export const LOOK_EVERY_MS = 1_000;
/** What changes all the time is not waited for any longer. */
const LONGEST_UNREST_MS = 5_000;
/** A twentieth of the time goes into writing at most. */
const PAUSE_PER_WORK = 19;
/** How old a snapshot claims to be that was current when the process was killed. */
const TOUCH_EVERY_MS = 30_000;
const RETRY_EVERY_MS = 30_000;

/** Decides when the snapshot is brought up to date: after a quiet second, and the later the more it costs. */
export class StatePace {
  #seen: string | undefined;
  #changedSinceMs: number | undefined;
  #lastMs: number | undefined;
  #notBeforeMs = 0;

  /** @param key Changes with everything that is kept. */
  isDue(key: string, nowMs: number): boolean {
    const isQuiet = key === this.#seen;
    this.#seen = key;
    if (!isQuiet) this.#changedSinceMs ??= nowMs;
    if (nowMs < this.#notBeforeMs) return false;
    if (this.#changedSinceMs !== undefined) {
      return isQuiet || nowMs - this.#changedSinceMs >= LONGEST_UNREST_MS;
    }
    return this.#lastMs === undefined || nowMs - this.#lastMs >= TOUCH_EVERY_MS;
  }

  /** A pass begins: what changes from now on is for the next one. */
  begin(): void {
    this.#changedSinceMs = undefined;
  }

  /** @param workMs What the pass has taken of the event loop. */
  end(nowMs: number, workMs: number): void {
    this.#lastMs = nowMs;
    this.#notBeforeMs = nowMs + workMs * PAUSE_PER_WORK;
  }

  /** The pass has not done all that it should. */
  fail(nowMs: number): void {
    this.#changedSinceMs ??= nowMs;
    this.#notBeforeMs = nowMs + RETRY_EVERY_MS;
  }
}
