import type { Clock } from './context.js';

/** How long work may hold the event loop, in milliseconds; HTTP answers wait no longer than this. */
const SLICE_MS = 5;

/** Lets the event loop turn when work has held it for a slice: what lies ready comes without a turn in between. */
export class LoopShare {
  readonly #nowMs: () => number;
  #sliceBeganMs: number;

  /** @param nowMs A time that never goes back, in milliseconds. */
  constructor(nowMs: () => number = () => performance.now()) {
    this.#nowMs = nowMs;
    this.#sliceBeganMs = nowMs();
  }

  /** How long the present slice lasts already, in milliseconds. */
  get heldMs(): number {
    return this.#nowMs() - this.#sliceBeganMs;
  }

  get isUsedUp(): boolean {
    return this.heldMs >= SLICE_MS;
  }

  /** To be called between pieces of work; begins a new slice when the present one is used up. */
  async giveWay(): Promise<void> {
    if (!this.isUsedUp) return;
    await new Promise((resolve) => setImmediate(resolve));
    this.#sliceBeganMs = this.#nowMs();
  }
}

/**
 * Runs a generator to its end and lets other work go on whenever a slice of time is used up. The generator yields
 * wherever it may be interrupted, about every 50 µs of work.
 *
 * @param onSlice Told how long each slice lasted, in milliseconds: what the work itself took.
 * @returns What the generator returns.
 * @throws Whatever the generator throws; `signal`'s reason when it aborts in between.
 */
export async function runInSlices<T>(
  work: Iterator<unknown, T>,
  clock: Clock,
  signal?: AbortSignal,
  onSlice?: (ms: number) => void,
): Promise<T> {
  const share = new LoopShare(() => clock.monotonicMs());
  for (;;) {
    let step = work.next();
    while (step.done !== true && !share.isUsedUp) step = work.next();
    onSlice?.(share.heldMs);
    if (step.done === true) return step.value;
    await share.giveWay();
    signal?.throwIfAborted();
  }
}
