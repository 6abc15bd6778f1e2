export interface Cost {
  readonly cpuMs: number;
  readonly wallMs: number;
  /** Between two yields, which is how long nobody else is served. */
  readonly longestStepMs: number;
}

/** Adds up what works cost that run one after the other; what is between them does not count. */
export class Stopwatch {
  #cpuMs = 0;
  #wallMs = 0;
  #longestStepMs = 0;

  /** Runs a work to its end and gives all costs so far. */
  run(work: Iterator<void>): Cost {
    this.time(() => {
      for (let isDone = false; !isDone;) {
        const startMs = performance.now();
        isDone = work.next().done === true;
        this.#longestStepMs = Math.max(this.#longestStepMs, performance.now() - startMs);
      }
    });
    return this.total;
  }

  /** Does what has no steps. */
  time<T>(work: () => T): T {
    const cpu = process.cpuUsage();
    const startMs = performance.now();
    const made = work();
    this.#wallMs += performance.now() - startMs;
    const { user, system } = process.cpuUsage(cpu);
    this.#cpuMs += (user + system) / 1000;
    return made;
  }

  get total(): Cost {
    return { cpuMs: this.#cpuMs, wallMs: this.#wallMs, longestStepMs: this.#longestStepMs };
  }
}
