import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { RecordingLogger } from '../../../test/fixtures/plugin-context.js';
import { endMark, ScriptedApiServer, status } from '../../../test/fixtures/scripted-api-server.js';
import { FakeClock } from '../telemetry/testing/fake-clock.js';
import { FileCredentials } from './api-credentials.js';
import { ClusterAccess } from './cluster-access.js';
import { ServerReturn, type RetryWait } from './server-return.js';

describe('ServerReturn', () => {
  let clock: FakeClock;
  let isUp: boolean;
  let probesAtMs: number[];
  let serverReturn: ServerReturn;

  beforeEach(() => {
    clock = new FakeClock();
    isUp = false;
    probesAtMs = [];
    serverReturn = new ServerReturn({
      clock,
      random: () => 0.5,
      probe: () => {
        probesAtMs.push(clock.monotonicMs());
        return Promise.resolve(isUp);
      },
    });
  });
  afterEach(async () => {
    serverReturn.close();
    await clock.advance(60_000);
    expect(clock.pendingTimers).toBe(0);
  });

  /** When a wait ended, and whether the server was proven to be back. */
  function waiting(wait: RetryWait): { atMs?: number; isBack?: boolean } {
    const end: { atMs?: number; isBack?: boolean } = {};
    void serverReturn.wait(wait, new AbortController().signal).then((isBack) => {
      Object.assign(end, { atMs: clock.monotonicMs(), isBack });
    });
    return end;
  }

  it('lets a wait last as long as it was to', async () => {
    const end = waiting({ delayMs: 20_000 });
    await clock.advance(30_000);
    expect(end).toEqual({ atMs: 20_000, isBack: false });
  });

  it('asks a server that is down at least every five seconds, once for all who wait', async () => {
    for (let i = 0; i < 100; i += 1) waiting({ delayMs: 30_000 });
    await clock.advance(29_000);
    const gaps = probesAtMs.map((ms, index) => ms - (probesAtMs[index - 1] ?? 0));
    expect(Math.max(...gaps)).toBeLessThanOrEqual(5_000);
    expect(probesAtMs.length).toBeLessThan(12);
  });

  it('ends all waits within a second once a server that was down serves, those of refused kinds too', async () => {
    const ends = [waiting({ delayMs: 30_000 }), waiting({ delayMs: 30_000, isRefused: true })];
    await clock.advance(8_000);
    isUp = true;
    await clock.advance(6_000);
    for (const end of ends) {
      expect(end.isBack).toBe(true);
      expect(end.atMs).toBeLessThanOrEqual(13_000);
    }
  });

  it('makes no wait shorter than the server asked for', async () => {
    const end = waiting({ delayMs: 1_000, leastDelayMs: 25_000 });
    await clock.advance(5_000);
    isUp = true;
    await clock.advance(25_000);
    expect(end.atMs).toBe(25_000);
  });

  it('wakes nobody for a server that was never seen to be down, and does not go on asking', async () => {
    isUp = true;
    const end = waiting({ delayMs: 30_000 });
    await clock.advance(29_000);
    expect(end.atMs).toBeUndefined();
    expect(probesAtMs).toHaveLength(1);
  });

  it('wakes those that were not refused when one gets through, but not again and again', async () => {
    const first = waiting({ delayMs: 30_000 });
    const refused = waiting({ delayMs: 30_000, isRefused: true });
    serverReturn.noteThrough();
    await clock.advance(1_000);
    expect(first).toEqual({ atMs: 500, isBack: false });
    const again = waiting({ delayMs: 29_000 });
    serverReturn.noteThrough();
    await clock.advance(13_000);
    expect([again.atMs, refused.atMs]).toEqual([undefined, undefined]);
    await clock.advance(1_000);
    serverReturn.noteThrough();
    await clock.advance(1_000);
    expect(again.atMs).toBeDefined();
  });

  it('ends a wait with its signal', async () => {
    const own = new AbortController();
    const ended = serverReturn.wait({ delayMs: 30_000 }, own.signal);
    own.abort();
    expect(await ended).toBe(false);
    expect(await serverReturn.wait({ delayMs: 30_000 }, own.signal)).toBe(false);
  });
});

describe('informers of one server', () => {
  it('come back together when it is asked and serves again', async () => {
    const server = await ScriptedApiServer.start();
    const clock = new FakeClock();
    const access = new ClusterAccess({
      name: 'own',
      open: () => Promise.resolve({ url: server.url, credentials: new FileCredentials({}) }),
      clock,
      logger: new RecordingLogger(),
      random: () => 0.5,
    });
    const informers = ['pods', 'nodes'].map((plural) =>
      access.informer({ group: '', version: 'v1', plural, slim: (raw) => raw, shape: 'raw' }),
    );
    const state = { isDown: true };
    const asked: string[] = [];
    const answering = (async () => {
      for (;;) {
        const request = await server.next();
        asked.push(request.path);
        if (state.isDown) request.answer(503, status(503, 'ServiceUnavailable'));
        else if (request.path === '/readyz') request.answer(200, 'ok');
        else request.stream(endMark(5));
      }
    })();
    void answering;
    // The back-offs have become long by then.
    for (let second = 0; second < 120; second += 1) {
      await clock.advance(1_000);
      await vi.waitFor(() => {
        expect(server.untaken).toBe(0);
      });
    }
    asked.length = 0;
    state.isDown = false;
    await vi.waitFor(async () => {
      await clock.advance(500);
      expect(informers.map(({ hasSynced }) => hasSynced)).toEqual([true, true]);
    }, 5_000);
    expect(asked.filter((path) => path === '/readyz')).toHaveLength(1);
    expect(asked.filter((path) => path !== '/readyz')).toHaveLength(2);
    access.close();
    await server.close();
    await clock.advance(0);
    expect(clock.pendingTimers).toBe(0);
  });
});
