import { describe, expect, it } from 'vitest';
import { LoopShare, runInSlices } from './slices.js';
import { FakeClock } from './testing/index.js';

/** Work of steps that take a millisecond each. */
function* steps(clock: FakeClock, count: number, onStep: () => void = () => undefined) {
  for (let step = 0; step < count; step += 1) {
    clock.advanceSync(1);
    onStep();
    yield;
  }
  return 'done';
}

describe('runInSlices', () => {
  it('lets others go on after each slice, and gives what the work returns', async () => {
    const clock = new FakeClock();
    let turns = 0;
    const turn = (): void => {
      turns += 1;
      setImmediate(turn).unref();
    };
    setImmediate(turn).unref();
    const seen = new Set<number>();
    expect(
      await runInSlices(
        steps(clock, 22, () => seen.add(turns)),
        clock,
      ),
    ).toBe('done');
    expect(seen.size).toBe(5);
  });

  it('tells what the work took, without what others took in between', async () => {
    const clock = new FakeClock();
    const slices: number[] = [];
    const others = setImmediate(() => {
      clock.advanceSync(100);
    });
    await runInSlices(steps(clock, 12), clock, undefined, (ms) => slices.push(ms));
    clearImmediate(others);
    expect(slices).toEqual([5, 5, 2]);
  });

  it('stops between two slices when it is aborted', async () => {
    const clock = new FakeClock();
    const stop = new AbortController();
    let done = 0;
    const work = steps(clock, 100, () => {
      done += 1;
      if (done === 7) stop.abort(new Error('enough'));
    });
    await expect(runInSlices(work, clock, stop.signal)).rejects.toThrow('enough');
    expect(done).toBe(10);
  });

  it('passes on what the work throws', async () => {
    const failing = (function* () {
      yield;
      throw new Error('broken');
    })();
    await expect(runInSlices(failing, new FakeClock())).rejects.toThrow('broken');
  });
});

describe('LoopShare', () => {
  it('gives way only when its slice is used up', async () => {
    let nowMs = 0;
    const share = new LoopShare(() => nowMs);
    let hasTurned = false;
    setImmediate(() => {
      hasTurned = true;
    });
    nowMs = 4;
    await share.giveWay();
    expect(hasTurned).toBe(false);
    nowMs = 5;
    await share.giveWay();
    expect([hasTurned, share.heldMs]).toEqual([true, 0]);
  });
});
