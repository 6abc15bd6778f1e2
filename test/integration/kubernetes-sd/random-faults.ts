import { setTimeout as sleep } from 'node:timers/promises';
import type { FaultProxy } from '../../fixtures/fault-proxy.js';

/** Does one thing after the other to a proxy, as a seed decides, and leaves it sound at its end. */
export class RandomFaults {
  readonly done = new Map<string, number>();
  readonly #stop = new AbortController();
  #ended: Promise<void> = Promise.resolve();

  private constructor(
    private readonly proxy: FaultProxy,
    private readonly random: () => number,
  ) {}

  static start(proxy: FaultProxy, random: () => number): RandomFaults {
    const faults = new RandomFaults(proxy, random);
    faults.#ended = faults.#run();
    return faults;
  }

  async stop(): Promise<void> {
    this.#stop.abort();
    await this.#ended;
    this.proxy.set({});
  }

  async #run(): Promise<void> {
    const faults = Object.entries(this.#faults());
    while (!this.#stop.signal.aborted) {
      await sleep(this.#between(50, 500));
      const [name, begin] = faults[Math.floor(this.random() * faults.length)] ?? [];
      if (name === undefined || begin === undefined) return;
      this.done.set(name, (this.done.get(name) ?? 0) + 1);
      begin();
      await sleep(this.#between(50, 700));
      this.proxy.set({});
    }
  }

  #faults(): Readonly<Record<string, () => void>> {
    const { proxy } = this;
    return {
      reset: () => {
        proxy.reset();
      },
      cut: () => {
        proxy.cut();
      },
      // Bytes are lost, so that nothing can come of the connection any more: it ends with the fault.
      blackhole: () => {
        proxy.set({ blackhole: true });
        setTimeout(() => {
          proxy.reset();
        }, 40);
      },
      refuse: () => {
        proxy.set({ refuse: true });
        proxy.reset();
      },
      delay: () => {
        proxy.set({ delayMs: this.#between(1, 50) });
      },
      pieces: () => {
        proxy.set({ pieceBytes: this.#between(1, 200) });
      },
    };
  }

  #between(least: number, most: number): number {
    return Math.round(least + this.random() * (most - least));
  }
}
