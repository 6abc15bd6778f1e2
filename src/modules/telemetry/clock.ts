import { performance } from 'node:perf_hooks';

import { type Clock, sleepOn } from '../../plugin-api/index.js';

/** Node fires a longer timer at once, so long delays are waited for in parts. */
const LONGEST_TIMER_MS = 2 ** 31 - 1;

/** The real {@link Clock}. Its timers do not keep the process alive: what must live on holds a server or a watch open. */
export class SystemClock implements Clock {
  monotonicMs(): number {
    return performance.now();
  }

  epochMs(): number {
    return Date.now();
  }

  after(delayMs: number, action: () => void): () => void {
    const dueMs = this.monotonicMs() + delayMs;
    let timer: NodeJS.Timeout;
    const arm = (leftMs: number): void => {
      // eslint-disable-next-line no-restricted-syntax -- the clock itself
      timer = setTimeout(
        () => {
          const stillMs = dueMs - this.monotonicMs();
          if (leftMs > LONGEST_TIMER_MS && stillMs > 0) arm(stillMs);
          else action();
        },
        Math.min(Math.max(leftMs, 0), LONGEST_TIMER_MS),
      );
      timer.unref();
    };
    arm(delayMs);
    return () => {
      clearTimeout(timer);
    };
  }

  sleep(delayMs: number, signal?: AbortSignal): Promise<void> {
    return sleepOn(this, delayMs, signal);
  }
}
