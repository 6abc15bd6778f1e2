import { describe, expect, it } from 'vitest';
import type { Clock } from '../../../plugin-api/index.js';
import { SharedSlices } from './shared-slices.js';

/** A clock that work moves on; each sleep is a turn of the event loop. */
function workClock() {
  let nowMs = 0;
  const turnsAtMs = [0];
  const clock: Clock = {
    monotonicMs: () => nowMs,
    epochMs: () => nowMs,
    after: () => () => undefined,
    sleep: async () => {
      turnsAtMs.push(nowMs);
      await new Promise(setImmediate);
    },
  };
  const work = function* (name: string, steps: number, done: string[]): Generator<undefined> {
    for (let step = 0; step < steps; step += 1) {
      nowMs += 1;
      yield;
    }
    done.push(name);
  };
  return { clock, work, turnsAtMs };
}

describe('SharedSlices', () => {
  it('lets the event loop turn between the works of many who start together', async () => {
    const { clock, work, turnsAtMs } = workClock();
    const slices = new SharedSlices(clock);
    const done: string[] = [];
    const names = Array.from({ length: 50 }, (_, n) => String(n));
    const { signal } = new AbortController();
    await Promise.all(names.map((name) => slices.run(work(name, 2, done), signal)));
    expect(done).toEqual(names);
    const turns = turnsAtMs.map((ms, index) => ms - (turnsAtMs[index - 1] ?? 0));
    expect(Math.max(...turns)).toBeLessThanOrEqual(10);
    expect(turnsAtMs.length).toBeGreaterThan(10);
  });

  it('does not make one wait who comes alone', async () => {
    const { clock, work, turnsAtMs } = workClock();
    const slices = new SharedSlices(clock);
    const done: string[] = [];
    const { signal } = new AbortController();
    for (const name of ['a', 'b', 'c']) await slices.run(work(name, 4, done), signal);
    expect(turnsAtMs).toEqual([0]);
  });

  it('goes on with the others when one fails or is stopped', async () => {
    const { clock, work } = workClock();
    const slices = new SharedSlices(clock);
    const done: string[] = [];
    const stop = new AbortController();
    stop.abort(new DOMException('stopped', 'AbortError'));
    const failing = (function* (): Generator<undefined> {
      yield;
      throw new TypeError('odd object');
    })();
    const { signal } = new AbortController();
    const results = await Promise.allSettled([
      slices.run(failing, signal),
      slices.run(work('stopped', 1, done), stop.signal),
      slices.run(work('other', 1, done), signal),
    ]);
    expect(results.map(({ status }) => status)).toEqual(['rejected', 'rejected', 'fulfilled']);
    expect(done).toEqual(['other']);
  });
});
