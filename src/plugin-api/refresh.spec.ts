import { describe, expect, it } from 'vitest';
import { testContext } from '../../test/fixtures/plugin-context.js';
import { labelSetOf, refreshSource, type TargetGroup } from './index.js';

const group = (source: string, ...addresses: string[]): TargetGroup => ({
  source,
  labels: labelSetOf([['team', 'a']]),
  targets: addresses.map((address) => labelSetOf([['__address__', address]])),
});

type Answer = readonly TargetGroup[] | Error | undefined;

/** Runs a refreshing source on a script of answers; the last one is given for ever. */
function start(...script: readonly [Answer, ...Answer[]]) {
  const context = testContext();
  const stop = new AbortController();
  const emitted: (readonly TargetGroup[])[] = [];
  let asked = 0;
  const source = refreshSource({
    mechanism: 'test',
    intervalMs: 60_000,
    context,
    refresh: () => {
      const answer = script[Math.min(asked++, script.length - 1)];
      return answer instanceof Error ? Promise.reject(answer) : Promise.resolve(answer);
    },
  });
  const done = source.run((groups) => emitted.push(groups), stop.signal);
  return { context, stop, emitted, done, asked: () => asked };
}

/** The hash is loaded outside the clock's time. */
const begun = async (run: ReturnType<typeof start>): Promise<void> => {
  while (run.asked() === 0) await run.context.clock.advance(0);
  await run.context.clock.advance(0);
};
const brief = (groups: readonly TargetGroup[] | undefined): readonly string[] | undefined =>
  groups?.map((g) => `${g.source}=${g.targets.map((t) => t['__address__']).join(',')}`);

describe('refreshSource', () => {
  it('emits the first set whole, at once, and later only the groups that changed', async () => {
    const run = start(
      [group('0', 'a:1'), group('1', 'b:1')],
      [group('0', 'a:1'), group('1', 'b:2')],
    );
    await begun(run);
    expect(run.emitted.map(brief)).toEqual([['0=a:1', '1=b:1']]);
    await run.context.clock.advance(60_000);
    expect(run.emitted.map(brief)[1]).toEqual(['1=b:2']);
    await run.context.clock.advance(600_000);
    expect(run.emitted.flat()).toHaveLength(3);
    run.stop.abort();
    await run.done;
  });

  it('says of a group that is gone that it has no targets', async () => {
    const run = start([group('0', 'a:1'), group('1', 'b:1')], [group('0', 'a:1')], []);
    await begun(run);
    await run.context.clock.advance(120_000);
    expect(run.emitted.slice(1).map(brief)).toEqual([['1='], ['0=']]);
  });

  it('emits an empty first set, because a proven "none" is an answer', async () => {
    const run = start([]);
    await begun(run);
    expect(run.emitted).toEqual([[]]);
  });

  it('notices a changed label, a changed order and a moved border between texts', async () => {
    const labelled = (...labels: [string, string][]): TargetGroup => ({
      source: '0',
      labels: labelSetOf(labels),
      targets: [labelSetOf([['__address__', 'a:1']])],
    });
    const run = start([labelled(['a', 'bc'])], [labelled(['ab', 'c'])], [labelled(['ab', 'd'])]);
    await begun(run);
    await run.context.clock.advance(120_000);
    expect(run.emitted).toHaveLength(3);
  });

  it('keeps the last good set when a refresh fails, and counts every failure', async () => {
    const run = start([group('0', 'a:1')], new Error('refused'), [group('0', 'a:1')]);
    await begun(run);
    await run.context.clock.advance(120_000);
    expect(run.emitted.map(brief)).toEqual([['0=a:1'], []]);
    expect(run.context.meter.series('prometheus_sd_refresh_failures_total')).toEqual({
      '{"mechanism":"test","config":"job"}': 1,
    });
  });

  it('logs a failure once as long as it stays the same, and its end', async () => {
    const run = start([], new Error('x'), new Error('x'), new Error('y'), []);
    await begun(run);
    await run.context.clock.advance(300_000);
    expect(run.context.logger.lines.map((l) => [l.level, l.fields['error']])).toEqual([
      ['warn', 'x'],
      ['warn', 'y'],
      ['info', undefined],
    ]);
  });

  it('asks again soon while there was no answer at all', async () => {
    const run = start(new Error('not up yet'), new Error('not up yet'), [group('0', 'a:1')]);
    await begun(run);
    await run.context.clock.advance(1_000);
    expect(run.asked()).toBe(2);
    await run.context.clock.advance(2_000);
    expect(run.emitted.map(brief)).toEqual([['0=a:1']]);
    await run.context.clock.advance(50_000);
    expect(run.asked()).toBe(3);
  });

  it('takes "nothing changed" for an answer that costs nothing', async () => {
    const run = start([group('0', 'a:1')], undefined, [group('0', 'a:2')]);
    await begun(run);
    await run.context.clock.advance(120_000);
    expect(run.emitted.map(brief)).toEqual([['0=a:1'], [], ['0=a:2']]);
  });

  it('says that what was told still stands, but not when it could not ask', async () => {
    const run = start([group('0', 'a:1')], [group('0', 'a:1')], new Error('x'), new Error('x'));
    await begun(run);
    await run.context.clock.advance(180_000);
    expect(run.asked()).toBe(4);
    expect(run.emitted.map(brief)).toEqual([['0=a:1'], []]);
  });

  it('ends with the signal, and its series with it', async () => {
    const run = start([group('0', 'a:1')]);
    await begun(run);
    run.stop.abort();
    await run.done;
    await run.context.clock.advance(600_000);
    expect(run.emitted).toHaveLength(1);
    expect(run.context.meter.series('prometheus_sd_refresh_failures_total')).toEqual({});
  });
});
