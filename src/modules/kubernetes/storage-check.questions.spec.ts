import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { status, type ScriptedRequest } from '../../../test/fixtures/scripted-api-server.js';
import { type Answerer, isRead, OutageBench, refuse, servesAt } from './testing/outage-bench.js';

describe('the question whether the storage went back', () => {
  let bench: OutageBench;

  beforeEach(async () => {
    bench = await OutageBench.start();
  });
  afterEach(async () => {
    await bench.close();
  });

  it('is asked of another kind when the allocator may not list the one that has seen most', async () => {
    const forbidden = (request: ScriptedRequest): boolean => {
      const isForbidden = isRead(request) && request.path.endsWith('/pods');
      if (isForbidden) request.answer(403, status(403, 'Forbidden'));
      return isForbidden;
    };
    await bench.outage(servesAt(240, forbidden));
    await bench.eventually(() => {
      expect(bench.names).toEqual(['b', 'b']);
    });
    expect(bench.reads.map(({ path }) => path)).toEqual(['/api/v1/pods', '/api/v1/nodes']);
    expect(bench.warnings).toHaveLength(1);
  });

  it('is asked again every ten seconds as long as it gets none', async () => {
    let isAnswering = false;
    const failing = (request: ScriptedRequest): boolean => {
      const isFailed = isRead(request) && !isAnswering;
      if (isFailed) request.answer(500, status(500, 'InternalError', 'etcdserver: no leader'));
      return isFailed;
    };
    await bench.outage(servesAt(300, failing));
    await bench.passes(120);
    expect(bench.reads.length).toBeGreaterThan(9);
    expect(bench.reads.length).toBeLessThan(14);
    expect([...bench.pods.list()]).toEqual(['a']);
    isAnswering = true;
    await bench.passes(15);
    expect(bench.names).toEqual(['b', 'b']);
  });

  it('is asked again soon when the server was seen to be back while the first question failed', async () => {
    let isUp = false;
    let held: ScriptedRequest | undefined;
    const starting = (request: ScriptedRequest): boolean => {
      if (!isUp && !request.path.endsWith('/pods')) {
        refuse(request);
        return true;
      }
      if (!isRead(request) || held !== undefined) return false;
      held = request;
      return true;
    };
    // A watch is let through before the server says that it is ready.
    await bench.outage(servesAt(300, starting));
    await bench.eventually(() => {
      expect(held).toBeDefined();
    });
    isUp = true;
    await bench.passes(5);
    held?.answer(500, status(500, 'InternalError', 'etcdserver: no leader'));
    await bench.passes(10);
    expect(bench.names).toEqual(['b', 'b']);
    expect(bench.reads).toHaveLength(2);
  });

  it('is asked at most once in ten seconds, whatever becomes of the server', async () => {
    const readsAtMs: number[] = [];
    const flapping: Answerer = (request) => {
      if (isRead(request)) readsAtMs.push(bench.clock.monotonicMs());
      if (bench.clock.monotonicMs() % 8_000 < 4_000) refuse(request);
      else servesAt(400)(request);
    };
    bench.answer = flapping;
    for (let second = 0; second < 90; second += 1) {
      if (second % 8 === 0) for (const request of bench.requests.splice(0)) request.cut();
      await bench.passes(1);
    }
    const gaps = readsAtMs.slice(1).map((ms, index) => ms - (readsAtMs[index] ?? 0));
    expect(readsAtMs.length).toBeGreaterThan(1);
    expect(Math.min(...gaps)).toBeGreaterThanOrEqual(10_000);
    expect(bench.warnings).toEqual([]);
  });
});
