import { describe, expect, it } from 'vitest';

import { SystemClock } from './clock.js';
import { FakeClock } from './testing/fake-clock.js';

describe('SystemClock', () => {
  it('runs an action after its delay and not when it was cancelled', async () => {
    const clock = new SystemClock();
    const ran: string[] = [];
    clock.after(1, () => ran.push('cancelled'))();
    await new Promise<void>((resolve) => {
      const keepAlive = setTimeout(resolve, 10_000);
      clock.after(5, () => {
        ran.push('kept');
        clearTimeout(keepAlive);
        resolve();
      });
    });
    expect(ran).toEqual(['kept']);
  });

  it('wakes a sleeper as soon as its signal aborts, before and during the sleep', async () => {
    const clock = new SystemClock();
    await clock.sleep(3_600_000, AbortSignal.abort());
    const abort = new AbortController();
    const sleeping = clock.sleep(3_600_000, abort.signal);
    abort.abort();
    await expect(sleeping).resolves.toBeUndefined();
  });

  it('does not fire at once for a delay that Node cannot time', async () => {
    const clock = new SystemClock();
    let fired = false;
    const cancel = clock.after(2 ** 32, () => (fired = true));
    await new Promise((resolve) => setTimeout(resolve, 20));
    cancel();
    expect(fired).toBe(false);
  });
});

describe('FakeClock', () => {
  it('runs timers in the order of their due times, then of their making', async () => {
    const clock = new FakeClock(1_000);
    const ran: string[] = [];
    clock.after(20, () => ran.push('c'));
    clock.after(10, () => ran.push('a'));
    clock.after(10, () => ran.push('b'));
    await clock.advance(15);
    expect(ran).toEqual(['a', 'b']);
    expect([clock.monotonicMs(), clock.epochMs(), clock.nextTimerInMs]).toEqual([15, 1_015, 5]);
    clock.advanceSync(5);
    expect(ran).toEqual(['a', 'b', 'c']);
    expect(clock.pendingTimers).toBe(0);
  });

  it('lets a loop of sleeps run as often as the time allows', async () => {
    const clock = new FakeClock();
    const abort = new AbortController();
    const woken: number[] = [];
    const loop = (async () => {
      while (!abort.signal.aborted) {
        await clock.sleep(100, abort.signal);
        woken.push(clock.monotonicMs());
      }
    })();
    await clock.advance(350);
    expect(woken).toEqual([100, 200, 300]);
    abort.abort();
    await loop;
    expect(clock.pendingTimers).toBe(0);
  });
});
