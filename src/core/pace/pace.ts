/** When the next batch of changes is applied. */
export interface Pace {
  /** When the last batch was done, in monotonic milliseconds; `undefined`: there was none. */
  readonly lastEndMs: number | undefined;
  /** How long the last batch took, in milliseconds. */
  readonly lastWorkMs: number;
  /**
   * Something comes for the first time, as everything does at the start: it is served as soon as it is known. There is as
   * much of that as there are providers, so that it needs no bound.
   */
  readonly isFirst?: boolean;
}

const longestDelayMs = 5_000;
const shortestDelayMs = 20;
const workShare = 5;

/**
 * How long to wait before the next batch: nothing after a quiet time, so that a single change is served at once; in a
 * burst a multiple of what the last batch cost, so that at most a sixth of the time goes into batches, and never longer
 * than the 5 s by which the Go allocator always waits.
 */
export function delayBeforeNextBatch(pace: Pace, nowMs: number): number {
  if (pace.lastEndMs === undefined) return 0;
  const workPauseMs = pace.isFirst === true ? 0 : pace.lastWorkMs * workShare;
  const pauseMs = Math.min(longestDelayMs, Math.max(shortestDelayMs, workPauseMs));
  return Math.max(0, pace.lastEndMs + pauseMs - nowMs);
}
