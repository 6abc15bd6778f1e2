import { setImmediate as turn } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { byName, group, job, start } from './testing/scripted-discovery.js';

const JOBS = 200;
const jobs = (config: string, count = JOBS) =>
  Array.from({ length: count }, (_, i) => job(`job-${String(i)}`, `${config}-${String(i)}`));

/** A clock by which each look at a job takes a millisecond, so that many of them do not fit into a slice. */
function slow() {
  const d = start();
  let elapsedMs = 0;
  d.clock.monotonicMs = () => ++elapsedMs;
  const turns = async (until: () => boolean): Promise<number> => {
    let count = 0;
    while (!until()) {
      await turn();
      if (++count > 10 * JOBS) throw new Error('it does not end');
    }
    return count;
  };
  const isTold = (): boolean => d.sink.told.length > 0;
  return { ...d, turns, isTold };
}

describe('a version of many jobs', () => {
  it('is taken over while the event loop turns, all of it at once', async () => {
    const d = slow();
    d.manager.apply(byName(jobs('x')));
    expect(d.isTold()).toBe(false);
    expect(await d.turns(d.isTold)).toBeGreaterThan(10);
    expect(d.sink.providersOf('job-0')).toHaveLength(1);
    expect(d.sink.providersOf(`job-${String(JOBS - 1)}`)).toHaveLength(1);
    expect(d.sink.told).toHaveLength(1);
    const startTurns = await d.turns(() => d.running.length === JOBS);
    expect(startTurns).toBeGreaterThan(10);
  });

  it('does not count as known before, so that nobody takes the start for ready', async () => {
    const d = slow();
    const awaited = (): number =>
      d.readiness.sources().filter((source) => !source.status().answered).length;
    d.manager.apply(byName(jobs('x')));
    expect(awaited()).toBe(1);
    await d.turns(d.isTold);
    expect(awaited()).toBe(JOBS);
  });

  it('leaves the former version in force meanwhile', async () => {
    const d = slow();
    d.manager.apply(byName([job('job-0', 'old')]));
    await d.turns(() => d.running.length === 1);
    d.of('old').emit(group('0', 'old:1'));
    const told = d.sink.told.length;
    d.manager.apply(byName(jobs('x')));
    await turn();
    expect(d.manager.isAnswered('job-0')).toBe(true);
    expect(d.sink.addresses('job-0')).toEqual(['old:1']);
    expect(d.sink.told).toHaveLength(told);
  });

  it('is followed by what came meanwhile, of which the latest counts', async () => {
    const d = slow();
    d.manager.apply(byName(jobs('x')));
    await turn();
    d.manager.apply(byName([...jobs('x'), job('passing', 'p')]), { changed: ['passing'] });
    d.manager.apply(byName([...jobs('x', JOBS - 1), job('last', 'l')]), {
      changed: ['passing', 'last', `job-${String(JOBS - 1)}`],
    });
    await d.turns(() => d.sink.providersOf('last') !== undefined);
    expect(d.sink.providersOf('passing')).toBeUndefined();
    expect(d.sink.providersOf(`job-${String(JOBS - 1)}`)).toBeUndefined();
    expect(d.sink.providersOf('job-0')).toHaveLength(1);
    expect(d.sink.told).toHaveLength(2);
    await d.turns(() => d.running.some(({ config }) => config === 'l'));
    expect(d.running.some(({ config }) => config === 'p')).toBe(false);
  });
});
