import { describe, expect, it } from 'vitest';
import { Secret } from '../../plugin-api/index.js';
import { group, job, start } from './testing/scripted-discovery.js';

const addresses = (count: number, from = 0): string[] =>
  Array.from({ length: count }, (_, index) => `h:${String(from + index)}`);
const many = group('0', ...addresses(100));
const drops = (d: ReturnType<typeof start>): unknown =>
  d.meter.series('opentelemetry_allocator_discovery_large_drops_total');
const warnings = (d: ReturnType<typeof start>): readonly unknown[] =>
  d.logger.lines.filter(({ level }) => level === 'warn').map(({ fields }) => fields);

/** A provider that has told of 100 targets in one group, and of 100 in ten. */
async function running(maxRatio?: number, config: unknown = 'x') {
  const d = start();
  if (maxRatio !== undefined) d.manager.limitDrops(maxRatio);
  await d.apply(job('a', config));
  const source = d.of(config);
  const tens = Array.from({ length: 10 }, (_, i) => group(`t${String(i)}`, ...addresses(10, i)));
  source.emit(many, ...tens);
  const count = (): number => d.sink.addresses('a').length;
  expect(count()).toBe(200);
  return { ...d, d, source, count };
}

describe('a large drop of targets', () => {
  it('is obeyed, told once and counted', async () => {
    const { d, source, count } = await running();
    source.emit(group('0'));
    expect(count()).toBe(100);
    source.emit(group('t0'));
    expect(drops(d)).toEqual({ '{"mechanism":"test"}': 1 });
    expect(warnings(d)).toEqual([
      { mechanism: 'test', jobs: ['a'], before: 200, after: 100, waitMs: 0 },
    ]);
  });

  it('is none below half, nor below a hundred targets', async () => {
    const { d, source } = await running();
    source.emit(group('0', ...addresses(1)));
    source.emit(group('t0'), group('t1'));
    source.emit(...Array.from({ length: 10 }, (_, i) => group(`t${String(i)}`)), group('0'));
    expect(drops(d)).toEqual({ '{"mechanism":"test"}': 0 });
    expect(warnings(d)).toEqual([]);
  });
});

describe('a drop of more than the configured part', () => {
  it('waits, and is obeyed when it still stands', async () => {
    const { clock, count, d, logger, source } = await running(0.2);
    source.emit(group('0', ...addresses(50)));
    await clock.advance(29_999);
    expect(count()).toBe(200);
    await clock.advance(1);
    expect(count()).toBe(150);
    expect(drops(d)).toEqual({ '{"mechanism":"test"}': 1 });
    expect(logger.lines.at(-1)?.message).toContain('obeyed');
  });

  it('waits also when groups are gone one by one in an update', async () => {
    const { clock, count, source } = await running(0.2);
    source.emit(...Array.from({ length: 5 }, (_, i) => group(`t${String(i)}`)));
    expect(count()).toBe(200);
    await clock.advance(30_000);
    expect(count()).toBe(150);
  });

  it('has no consequence when the targets are back, and what came meanwhile is told', async () => {
    const { clock, count, logger, sink, source } = await running(0.2);
    const told = sink.told.length;
    source.emit(group('0'), group('t0', 'new:1'));
    source.emit(group('t1', 'new:2'));
    expect(sink.told).toHaveLength(told);
    source.emit(many);
    expect(count()).toBe(182);
    expect(logger.lines.at(-1)?.message).toContain('taken back');
    await clock.advance(60_000);
    expect(sink.told).toHaveLength(told + 1);
  });

  it('is obeyed as soon as its source says the same once more, and not because of a part of it', async () => {
    const { clock, count, logger, source } = await running(0.2, { refresh_interval: '1m' });
    source.emit(group('0'));
    source.emit(group('t0', 'h:1'));
    expect(count()).toBe(200);
    source.emit();
    expect(count()).toBe(91);
    expect(logger.lines.at(-1)?.message).toContain('obeyed');
    const lines = logger.lines.length;
    source.emit();
    await clock.advance(200_000);
    expect(logger.lines).toHaveLength(lines);
  });

  it('waits for two and a half refresh intervals where its source does not say the same again', async () => {
    const config = { refresh_interval: '1m', password: new Secret('s') };
    const { clock, count, source } = await running(0.2, config);
    source.emit(group('0'));
    await clock.advance(149_999);
    expect(count()).toBe(200);
    await clock.advance(1);
    expect(count()).toBe(100);
  });

  it('is obeyed up to that part at once, from then on also when that was configured later', async () => {
    const { count, manager, source } = await running(0.5);
    source.emit(group('0'));
    expect(count()).toBe(100);
    manager.limitDrops(0.1);
    source.emit(group('t0'), group('t1'));
    expect(count()).toBe(100);
  });

  it('is not obeyed any more when the job is gone', async () => {
    const { apply, clock, sink, source } = await running(0.2);
    source.emit(group('0'));
    await apply();
    const told = sink.told.length;
    await clock.advance(60_000);
    expect(sink.told).toHaveLength(told);
  });

  it('waits for a source that has crashed and finds nothing when it is back', async () => {
    const { clock, count, d, source } = await running(0.2);
    source.crash('out of memory');
    await clock.advance(1_000);
    d.running[1]?.emit();
    expect(count()).toBe(200);
    d.running[1]?.emit(many);
    expect(count()).toBe(200);
    await clock.advance(30_000);
    expect(count()).toBe(100);
  });
});
