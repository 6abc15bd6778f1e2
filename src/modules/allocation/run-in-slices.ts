import { setImmediate } from 'node:timers/promises';

/** How long work may keep the event loop, in milliseconds; HTTP answers wait no longer than this. */
const sliceMs = 8;

/**
 * Runs a generator to its end and lets the event loop turn whenever a slice of time is used up. The generator yields
 * wherever it may be interrupted.
 *
 * @returns The time spent in the work itself, in milliseconds.
 */
export async function runInSlices(
  work: Iterator<void, void>,
  nowMs: () => number,
): Promise<number> {
  let spentMs = 0;
  for (;;) {
    const startMs = nowMs();
    let isDone = false;
    do isDone = work.next().done === true;
    while (!isDone && nowMs() - startMs < sliceMs);
    spentMs += nowMs() - startMs;
    if (isDone) return spentMs;
    await setImmediate();
  }
}
