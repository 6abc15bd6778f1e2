import type { Clock } from './context.js';

/** How long work may hold the event loop, in milliseconds. */
const SLICE_MS = 5;

/**
 * Runs a generator to its end and lets other work go on whenever a slice of time is used up. The generator yields
 * wherever it may be interrupted, about every 50 µs of work.
 *
 * @returns What the generator returns.
 * @throws Whatever the generator throws; `signal`'s reason when it aborts in between.
 */
export async function runInSlices<T>(
  work: Iterator<unknown, T>,
  clock: Clock,
  signal: AbortSignal,
): Promise<T> {
  for (;;) {
    const endMs = clock.monotonicMs() + SLICE_MS;
    do {
      const step = work.next();
      if (step.done === true) return step.value;
    } while (clock.monotonicMs() < endMs);
    await clock.sleep(0, signal);
    signal.throwIfAborted();
  }
}
