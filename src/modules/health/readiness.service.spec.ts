import { beforeEach, describe, expect, it } from 'vitest';
import type { Logger } from '../../plugin-api/index.js';
import type { ConfigService } from '../config/index.js';
import { FakeClock } from '../telemetry/testing/fake-clock.js';
import { ReadinessService } from './readiness.service.js';
import { ReadinessRegistry, type ReadinessSource } from './readiness.js';

class FakeSource implements ReadinessSource {
  answered = false;
  isStale = false;

  constructor(
    readonly name: string,
    readonly required = false,
  ) {}

  status() {
    const { answered, isStale } = this;
    return { answered, isStale, detail: answered ? 'fine' : 'no answer yet' };
  }
}

const silent: Logger = {
  debug: () => {},
  info: () => {},
  warn: () => {},
  error: () => {},
  child: () => silent,
};

describe('readiness', () => {
  let clock: FakeClock;
  let readiness: ReadinessService;
  const registry = () => new ReadinessRegistry();

  function readinessOf(...sources: FakeSource[]): ReadinessService {
    const list = registry();
    list.register(() => sources);
    const config = { current: { startupTimeoutMs: 60_000 } } as unknown as ConfigService;
    return new ReadinessService(list, config, clock, silent);
  }

  beforeEach(() => {
    clock = new FakeClock();
  });

  it('comes when every source has answered, and names those that have not', () => {
    const pods = new FakeSource('collectors/kubernetes');
    const job = new FakeSource('discovery/http:a');
    readiness = readinessOf(job, pods);
    pods.answered = true;
    expect(readiness.check()).toEqual({
      ready: false,
      reason: 'waiting for discovery/http:a (no answer yet)',
      sources: [
        { name: 'collectors/kubernetes', state: 'ok', detail: 'fine' },
        { name: 'discovery/http:a', state: 'awaited', detail: 'no answer yet' },
      ],
    });
    job.answered = true;
    expect(readiness.check()).toMatchObject({ ready: true, reason: undefined });
  });

  it('takes a source that comes after another of its name has gone for one that has never answered', () => {
    const sources = [new FakeSource('discovery/http:a'), new FakeSource('discovery/http:b')];
    const list = registry();
    list.register(() => sources);
    const config = { current: { startupTimeoutMs: 60_000 } } as unknown as ConfigService;
    readiness = new ReadinessService(list, config, clock, silent);
    for (const source of sources) source.answered = true;
    readiness.check();
    sources.pop();
    readiness.check();
    sources.push(new FakeSource('discovery/http:b'));
    expect(readiness.check().sources).toMatchObject([{ state: 'ok' }, { state: 'awaited' }]);
  });

  it('comes without the others when the start-up bound is over', async () => {
    readiness = readinessOf(new FakeSource('discovery/http:gone'));
    await clock.advance(59_999);
    expect(readiness.check().ready).toBe(false);
    await clock.advance(1);
    expect(readiness.check()).toMatchObject({ ready: true, sources: [{ state: 'awaited' }] });
  });

  it('never comes before what is required has answered, however long it takes', async () => {
    const served = new FakeSource('served/targets', true);
    readiness = readinessOf(served, new FakeSource('discovery/http:gone'));
    await clock.advance(600_000);
    expect(readiness.check().ready).toBe(false);
    served.answered = true;
    expect(readiness.check().ready).toBe(true);
  });

  it('stays when a source is lost later, and calls the source stale', () => {
    const pods = new FakeSource('collectors/kubernetes');
    readiness = readinessOf(pods);
    pods.answered = true;
    readiness.check();
    pods.answered = false;
    expect(readiness.check()).toMatchObject({ ready: true, sources: [{ state: 'stale' }] });
  });

  it('comes with a required source that has answered and was lost, which is called stale', () => {
    const server = new FakeSource('kubernetes/own', true);
    server.answered = true;
    server.isStale = true;
    readiness = readinessOf(server);
    expect(readiness.check()).toMatchObject({ ready: true, sources: [{ state: 'stale' }] });
  });

  it('stays when a source is added later that has not answered', () => {
    const list = registry();
    const config = { current: { startupTimeoutMs: 60_000 } } as unknown as ConfigService;
    readiness = new ReadinessService(list, config, clock, silent);
    expect(readiness.check().ready).toBe(true);
    const remove = list.register(() => [new FakeSource('discovery/http:new')]);
    expect(readiness.check()).toMatchObject({ ready: true, sources: [{ state: 'awaited' }] });
    remove();
    expect(readiness.check().sources).toEqual([]);
  });

  it('is the same without the sources, and remembers by then who has answered', async () => {
    const pods = new FakeSource('collectors/kubernetes');
    const job = new FakeSource('discovery/http:a');
    readiness = readinessOf(pods, job);
    pods.answered = true;
    expect(readiness.verdict()).toEqual({
      ready: false,
      reason: 'waiting for discovery/http:a (no answer yet)',
    });
    pods.answered = false;
    await clock.advance(60_000);
    expect(readiness.verdict()).toEqual({ ready: true, reason: undefined });
    expect(readiness.check()).toMatchObject({
      ready: true,
      sources: [{ state: 'stale' }, { state: 'awaited' }],
    });
  });

  it('goes with the shutdown, for good', () => {
    readiness = readinessOf();
    readiness.check();
    readiness.beginShutdown();
    expect(readiness.check()).toMatchObject({ ready: false, reason: 'shutting down' });
  });
});
