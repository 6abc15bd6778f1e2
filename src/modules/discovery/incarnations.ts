/** Long after the consumers have heard that a provider has ended, and have let its groups go. */
const REMEMBERED_MS = 300_000;

/**
 * Counts the providers that one configuration has had: a later one must not be taken for the former, whose groups may
 * still be with the consumers. That is soon over; then the configuration is forgotten, and what its next provider is
 * called follows from the configuration alone.
 */
export class Incarnations {
  readonly #next = new Map<string, number>();
  /** Configurations without a provider and since when, those first that have been without for longest. */
  readonly #endedMs = new Map<string, number>();

  /** The number of a configuration's new provider; the first one's is 0. */
  next(identity: string, nowMs: number): number {
    this.#forget(nowMs);
    const incarnation = this.#next.get(identity) ?? 0;
    this.#next.set(identity, incarnation + 1);
    this.#endedMs.delete(identity);
    return incarnation;
  }

  /** The configuration has no provider any more. */
  ended(identity: string, nowMs: number): void {
    this.#forget(nowMs);
    this.#endedMs.delete(identity);
    this.#endedMs.set(identity, nowMs);
  }

  /** How many configurations are remembered. */
  get size(): number {
    return this.#next.size;
  }

  #forget(nowMs: number): void {
    for (const [identity, endedMs] of this.#endedMs) {
      if (nowMs - endedMs < REMEMBERED_MS) return;
      this.#endedMs.delete(identity);
      this.#next.delete(identity);
    }
  }
}
