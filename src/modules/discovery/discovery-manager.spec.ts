import { describe, expect, it } from 'vitest';
import { Secret } from '../../plugin-api/index.js';
import { group, job, start } from './testing/scripted-discovery.js';

describe('DiscoveryManager', () => {
  it('tells of the jobs first, and of groups as they come', async () => {
    const d = start();
    await d.apply(job('a', 'x'));
    d.of('x').emit(group('0', 'h:1'));
    d.of('x').emit(group('0', 'h:2'));
    expect(d.sink.told).toEqual(['jobs a:test/0', 'groups test/0 0', 'groups test/0 0']);
    expect(d.sink.addresses('a')).toEqual(['h:2']);
  });

  it('runs one provider for equal configurations, secrets included', async () => {
    const d = start();
    const withSecret = (text: string): object => ({ b: 1, password: new Secret(text), a: [2] });
    await d.apply(
      job('a', withSecret('s'), withSecret('s')),
      job('b', { a: [2], password: new Secret('s'), b: 1 }),
      job('c', withSecret('other')),
    );
    expect(d.running).toHaveLength(2);
    expect(d.sink.providersOf('a')).toEqual(d.sink.providersOf('b'));
    expect(d.sink.providersOf('a')).not.toEqual(d.sink.providersOf('c'));
  });

  it('treats all static_configs of a job as one configuration of the mechanism "static"', async () => {
    const d = start();
    await d.apply({ ...job('a'), static_configs: [{ targets: ['h:1'] }, { targets: ['h:2'] }] });
    expect(d.sink.providersOf('a')).toEqual(['static/0']);
  });

  it('keeps a provider and its groups over reloads, renames and duplicates', async () => {
    const d = start();
    await d.apply(job('a', 'x'));
    d.of('x').emit(group('0', 'h:1'));
    await d.apply(job('renamed', 'x'));
    await d.apply(job('renamed', 'x'), job('copy', 'x'));
    await d.apply(job('copy', 'x'));
    expect(d.running).toHaveLength(1);
    expect(d.running[0]?.signal.aborted).toBe(false);
    expect(d.sink.addresses('copy')).toEqual(['h:1']);
    expect(d.manager.isAnswered('copy')).toBe(true);
    expect(d.manager.isAnswered('a')).toBe(false);
  });

  it('stops a provider that no job has any more', async () => {
    const d = start();
    await d.apply(job('a', 'x'), job('b', 'y'));
    await d.apply(job('b', 'y'));
    expect(d.running.map(({ config, signal }) => [config, signal.aborted])).toEqual([
      ['x', true],
      ['y', false],
    ]);
    d.running[0]?.emit(group('0', 'late:1'));
    expect(d.sink.told.filter((line) => line.startsWith('groups'))).toEqual([]);
  });

  it('knows a job only when all of its providers have answered, even with nothing', async () => {
    const d = start();
    await d.apply(job('a', 'x', 'y'), job('none'));
    expect(d.manager.isAnswered('none')).toBe(true);
    d.of('x').emit();
    expect(d.manager.isAnswered('a')).toBe(false);
    d.of('y').emit();
    expect(d.manager.isAnswered('a')).toBe(true);
    expect(d.manager.isAnswered('unknown')).toBe(false);
  });

  it('goes on with the others when a provider cannot be made, and says which jobs lack it', async () => {
    const d = start();
    await d.apply(job('a', 'bad', 'x'), job('b', 'bad'));
    d.of('x').emit(group('0', 'h:1'));
    expect(d.sink.addresses('a')).toEqual(['h:1']);
    expect(d.manager.isAnswered('a')).toBe(true);
    expect(d.manager.isAnswered('b')).toBe(true);
    expect(d.sink.told).toContain('groups test/0 ');
    expect(d.logger.lines.filter(({ level }) => level === 'error')).toMatchObject([
      { fields: { mechanism: 'test', jobs: ['a', 'b'], error: 'no such kubeconfig' } },
    ]);
    expect(d.meter.series('prometheus_sd_failed_configs')).toEqual({ '{"name":""}': 2 });
    await d.apply(job('a', 'x'));
    expect(d.meter.series('prometheus_sd_failed_configs')).toEqual({ '{"name":""}': 0 });
  });

  it('says which mechanisms there are when no plugin provides one', async () => {
    const d = start();
    await d.apply({ ...job('a'), consul_sd_configs: [{}] });
    expect(d.logger.lines.at(-1)?.fields['error']).toContain(
      'no plugin provides discovery/consul; there are: test',
    );
  });

  it('keeps the groups of a crashed provider, and drops what is gone when it is back', async () => {
    const d = start();
    await d.apply(job('a', 'x'));
    d.of('x').emit(group('0', 'h:0'), group('1', 'h:1'));
    d.of('x').crash('out of memory');
    await d.clock.advance(1_000);
    expect(d.running).toHaveLength(2);
    expect(d.sink.addresses('a')).toEqual(['h:0', 'h:1']);
    d.running[1]?.emit(group('0', 'h:0'));
    expect(d.sink.addresses('a')).toEqual(['h:0']);
  });

  it('reports each provider of each job to readiness', async () => {
    const d = start();
    await d.apply(job('a', 'x', 'bad'), job('b', 'y'));
    d.of('x').emit(group('0', 'h:1', 'h:2'));
    d.of('y').crash('boom');
    await d.clock.advance(0);
    expect(d.readiness.sources().map(({ name, status }) => ({ name, ...status() }))).toEqual([
      { name: 'discovery/test:a', answered: true, detail: '2 targets' },
      {
        name: 'discovery/test:a',
        answered: true,
        detail: 'cannot be started: no such kubeconfig',
      },
      { name: 'discovery/test:b', answered: false, detail: 'no answer yet, crashed: boom' },
    ]);
  });

  it("keeps Prometheus' metrics, and ends series with their job", async () => {
    const d = start();
    await d.apply(job('a', 'x'), job('b', 'x', 'y'));
    await d.clock.advance(5_000);
    d.of('x').emit(group('0', 'h:1', 'h:2'), group('1', 'h:3'));
    d.of('x').emit(group('1'));
    expect(d.meter.series('prometheus_sd_discovered_targets')).toEqual({
      '{"name":"","config":"a"}': 2,
      '{"name":"","config":"b"}': 2,
    });
    expect(d.meter.series('prometheus_sd_last_update_timestamp_seconds')).toEqual({
      '{"name":"","config":"a"}': d.clock.epochMs() / 1_000,
      '{"name":"","config":"b"}': d.clock.epochMs() / 1_000,
    });
    for (const [name, value] of [
      ['received_updates_total', 2],
      ['updates_total', 2],
      ['updates_delayed_total', 0],
    ] as const) {
      expect(d.meter.series(`prometheus_sd_${name}`)).toEqual({ '{"name":""}': value });
    }
    await d.apply(job('b', 'y'));
    expect(Object.keys(d.meter.series('prometheus_sd_discovered_targets'))).toEqual([
      '{"name":"","config":"b"}',
    ]);
  });

  it('stops every provider at its end', async () => {
    const d = start();
    await d.apply(job('a', 'x', 'y'));
    await d.manager.onModuleDestroy();
    expect(d.running.every(({ signal }) => signal.aborted)).toBe(true);
    expect(d.readiness.sources()).toEqual([]);
  });

  it('gives the providers of equal configurations the same keys in every process', async () => {
    const keys: string[][] = [];
    for (const names of [
      ['a', 'b'],
      ['b', 'a'],
    ]) {
      const d = start();
      const seen: string[] = [];
      d.manager.connect({
        setJobProviders: (jobs) => seen.push(...[...jobs.values()].flatMap((keys) => keys ?? [])),
        updateGroups: () => undefined,
      });
      await d.apply(
        ...names.map((name) => ({ ...job(name), static_configs: [{ targets: [`${name}:1`] }] })),
      );
      keys.push([...new Set(seen)].sort());
    }
    expect(keys[0]).toHaveLength(2);
    expect(keys[1]).toEqual(keys[0]);
  });
});
