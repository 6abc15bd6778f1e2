/** Shortest and longest delay before another attempt, in milliseconds: client-go's figures. */
export const shortestDelayMs = 800;
export const longestDelayMs = 30_000;

/**
 * Delays before another attempt: decorrelated jitter. Each delay is drawn between the shortest one and three times the
 * former one, so that clients that failed together do not come back together.
 *
 * @see https://aws.amazon.com/blogs/architecture/exponential-backoff-and-jitter/
 */
export class BackOff {
  readonly #random: () => number;
  #formerMs = shortestDelayMs;

  /** @param random Draws from [0, 1). */
  constructor(random: () => number) {
    this.#random = random;
  }

  nextDelayMs(): number {
    const drawn = shortestDelayMs + this.#random() * (this.#formerMs * 3 - shortestDelayMs);
    this.#formerMs = Math.min(longestDelayMs, drawn);
    return this.#formerMs;
  }

  /** What was tried works again. */
  reset(): void {
    this.#formerMs = shortestDelayMs;
  }
}
