import { describe, expect, it } from 'vitest';
import { group, job, start } from './testing/scripted-discovery.js';

describe('when the configuration of a job changes', () => {
  const changed = async () => {
    const d = start();
    await d.apply(job('a', 'old'));
    d.of('old').emit(group('0', 'old:1'));
    await d.apply(job('a', 'new'));
    return d;
  };

  it('keeps the former groups until the new provider answers', async () => {
    const d = await changed();
    expect(d.sink.addresses('a')).toEqual(['old:1']);
    expect(d.manager.isAnswered('a')).toBe(true);
    d.of('old').emit(group('0', 'old:2'));
    expect(d.sink.addresses('a')).toEqual(['old:2']);
    d.of('new').emit(group('0', 'new:1'));
    await d.clock.advance(0);
    expect(d.sink.addresses('a')).toEqual(['new:1']);
    expect(d.running[0]?.signal.aborted).toBe(true);
  });

  it('never leaves the job without groups in between', async () => {
    const d = await changed();
    const seen: unknown[] = [];
    const setJobProviders = d.sink.setJobProviders.bind(d.sink);
    d.sink.setJobProviders = (providers) => {
      setJobProviders(providers);
      seen.push(d.sink.addresses('a'));
    };
    d.of('new').emit(group('0', 'new:1'));
    await d.clock.advance(60_000);
    expect(seen).toEqual([['new:1']]);
  });

  it('lets the former groups go after half a minute without an answer', async () => {
    const d = await changed();
    await d.clock.advance(29_999);
    expect(d.sink.addresses('a')).toEqual(['old:1']);
    await d.clock.advance(1);
    expect(d.sink.addresses('a')).toEqual([]);
    expect(d.manager.isAnswered('a')).toBe(false);
  });

  it('measures that time from the change, not from a later reload', async () => {
    const d = await changed();
    await d.clock.advance(20_000);
    await d.apply(job('a', 'new'), job('b', 'y'));
    await d.clock.advance(10_000);
    expect(d.sink.addresses('a')).toEqual([]);
  });

  it('takes the former configuration back as if nothing had happened', async () => {
    const d = await changed();
    await d.apply(job('a', 'old'));
    expect(d.running[0]?.signal.aborted).toBe(false);
    expect(d.running[1]?.signal.aborted).toBe(true);
    expect(d.sink.addresses('a')).toEqual(['old:1']);
  });

  it('keeps what did not change beside it', async () => {
    const d = start();
    await d.apply(job('a', 'same', 'old'));
    d.of('same').emit(group('0', 'same:1'));
    d.of('old').emit(group('0', 'old:1'));
    await d.apply(job('a', 'same', 'new'));
    expect(d.sink.addresses('a')).toEqual(['same:1', 'old:1']);
    d.of('new').emit();
    await d.clock.advance(0);
    expect(d.sink.addresses('a')).toEqual(['same:1']);
  });

  it('drops at once what is only taken away', async () => {
    const d = start();
    await d.apply(job('a', 'x', 'y'));
    d.of('x').emit(group('0', 'x:1'));
    d.of('y').emit(group('0', 'y:1'));
    await d.apply(job('a', 'x'));
    expect(d.sink.addresses('a')).toEqual(['x:1']);
  });

  it('does not keep a former provider that had never answered', async () => {
    const d = start();
    await d.apply(job('a', 'old'));
    await d.apply(job('a', 'new'));
    expect(d.running[0]?.signal.aborted).toBe(true);
    expect(d.manager.isAnswered('a')).toBe(false);
  });
});
