/** What must be looked at again, each once, and a way to wait for it. */
export class DirtyKeys {
  #keys = new Set<string>();
  #isTold = false;
  #wake: (() => void) | undefined;

  add(keys: Iterable<string>): void {
    for (const key of keys) this.#keys.add(key);
    this.tell();
  }

  /** Ends the present or the next {@link wait}, although nothing need be dirty. */
  tell(): void {
    this.#isTold = true;
    this.#wake?.();
  }

  /**
   * One of each namespace in turn, so that thousands in one do not come before the few of others; apart from that sorted, so
   * that what does not depend on time has the same outcome everywhere.
   */
  take(): readonly string[] {
    const turns = new Map<string, number>();
    const keys = [...this.#keys].sort().map((key) => {
      const namespace = key.slice(0, key.indexOf('/'));
      const turn = turns.get(namespace) ?? 0;
      turns.set(namespace, turn + 1);
      return { key, turn };
    });
    this.#keys = new Set();
    return keys.sort((a, b) => a.turn - b.turn).map(({ key }) => key);
  }

  /** Resolves when something was added or told since the last wait, or when the signal aborts. */
  async wait(signal: AbortSignal): Promise<void> {
    if (!this.#isTold && !signal.aborted) {
      await new Promise<void>((resolve) => {
        const end = (): void => {
          signal.removeEventListener('abort', end);
          resolve();
        };
        this.#wake = end;
        signal.addEventListener('abort', end, { once: true });
      });
    }
    this.#isTold = false;
    this.#wake = undefined;
  }
}
