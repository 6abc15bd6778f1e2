/** Lets one wait until there is something to do; being told several times in between is being told once. */
export class Signal {
  #isRaised = false;
  #wake: () => void = () => undefined;

  raise(): void {
    this.#isRaised = true;
    this.#wake();
  }

  /** Resolves when it has been raised since the last call, or the signal aborts. One waits at a time. */
  async raised(signal: AbortSignal): Promise<void> {
    if (!this.#isRaised && !signal.aborted) {
      await new Promise<void>((resolve) => {
        const wake = (): void => {
          signal.removeEventListener('abort', wake);
          resolve();
        };
        this.#wake = wake;
        signal.addEventListener('abort', wake, { once: true });
      });
    }
    this.#isRaised = false;
  }
}
