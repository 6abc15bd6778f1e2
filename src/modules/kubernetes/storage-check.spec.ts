import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { RecordingMeter } from '../../../test/fixtures/plugin-context.js';
import {
  errorEvent,
  list,
  status,
  type ScriptedRequest,
} from '../../../test/fixtures/scripted-api-server.js';
import { meterServers } from './informer-metrics.js';
import { isRead, OutageBench, servesAt } from './testing/outage-bench.js';

describe('after an outage of the API server', () => {
  let bench: OutageBench;

  beforeEach(async () => {
    bench = await OutageBench.start();
  });
  afterEach(async () => {
    await bench.close();
  });

  it('lists every kind anew when the storage went back, told once, in one batch, never empty', async () => {
    const meter = new RecordingMeter();
    meterServers(meter, () => [bench.access]);
    bench.changes.length = 0;
    await bench.outage(servesAt(300));
    await bench.eventually(() => {
      expect(bench.names).toEqual(['b', 'b']);
    });
    await bench.passes(60);
    expect(bench.reads.map(({ path }) => path)).toEqual(['/api/v1/pods']);
    expect(bench.reads[0]?.query.has('resourceVersion')).toBe(false);
    expect(bench.listings.map(({ path }) => path).toSorted()).toEqual([
      '/api/v1/nodes',
      '/api/v1/pods',
    ]);
    for (const { query } of bench.listings) expect(query.has('resourceVersion')).toBe(false);
    expect(bench.changes.map((batch) => batch.map(({ type, key }) => `${type} ${key}`))).toEqual([
      ['deleted ns/a', 'added ns/b'],
    ]);
    expect(bench.warnings.map(({ fields }) => fields)).toEqual([
      { server: 'own', seen: '400', present: '300' },
    ]);
    expect(
      Object.values(meter.series('opentelemetry_allocator_kubernetes_storage_restores_total')),
    ).toEqual([1]);
  });

  it.each([400, 401])('goes on as before when the storage is at %i', async (version) => {
    await bench.outage(servesAt(version));
    await bench.eventually(() => {
      expect(bench.reads).toHaveLength(1);
    });
    await bench.passes(60);
    expect(bench.reads).toHaveLength(1);
    expect(bench.listings).toEqual([]);
    expect(bench.warnings).toEqual([]);
  });

  it('lists a kind anew that still waits as it was told to, as soon as it may', async () => {
    const startMs = bench.clock.monotonicMs();
    const waitS = 120;
    const busy = (request: ScriptedRequest): boolean => {
      const isBusy =
        request.path.endsWith('/nodes') && bench.clock.monotonicMs() < startMs + 60_000;
      if (isBusy) {
        request.answer(503, status(503, 'ServiceUnavailable'), { 'retry-after': String(waitS) });
      }
      return isBusy;
    };
    await bench.outage(servesAt(300, busy));
    await bench.passes(waitS / 2);
    expect(bench.names).toEqual(['b', 'a']);
    await bench.passes(waitS * 1.5);
    expect([...bench.nodes.list()]).toEqual(['b']);
    expect(bench.listings).toHaveLength(2);
    expect(bench.warnings).toHaveLength(1);
  });

  it('is not asked when its connections break but it was never down', async () => {
    bench.answer = servesAt(300);
    const listed = bench.listings.length;
    for (let round = 0; round < 5; round += 1) {
      bench.cutAll();
      await bench.passes(10);
    }
    expect(bench.reads).toEqual([]);
    expect(bench.listings).toHaveLength(listed);
  });

  it('needs no question when a kind that must list the newest is given an older state', async () => {
    bench.answer = servesAt(300);
    const watch = bench.requests.find(({ path }) => path.endsWith('/pods'));
    bench.requests.length = 0;
    watch?.stream(errorEvent(504, 'Timeout', 'Too large resource version: 400, current: 300'));
    await bench.eventually(() => {
      expect(bench.names).toEqual(['b', 'b']);
    });
    await bench.passes(60);
    expect(bench.listings).toHaveLength(2);
    expect(bench.reads).toEqual([]);
    expect(bench.warnings).toHaveLength(1);
  });

  it('takes it for one restore when a kind and the question find out together', async () => {
    let asked: ScriptedRequest | undefined;
    const refusing = (request: ScriptedRequest): boolean => {
      if (isRead(request)) {
        asked = request;
        return true;
      }
      const isAhead = request.query.get('resourceVersion') === '400';
      if (isAhead) request.answer(504, status(504, 'Timeout', 'Too large resource version: 400'));
      return isAhead;
    };
    await bench.outage(servesAt(300, refusing));
    await bench.eventually(() => {
      expect(bench.names).toEqual(['b', 'b']);
    });
    asked?.answer(200, list(300, []));
    await bench.passes(60);
    expect(bench.reads).toHaveLength(1);
    expect(bench.listings).toHaveLength(2);
    expect(bench.warnings).toHaveLength(1);
  });

  it('takes a server for behind, not restored, whose newest state is what was seen', async () => {
    bench.answer = servesAt(400);
    const watch = bench.requests.find(({ path }) => path.endsWith('/pods'));
    bench.requests.length = 0;
    watch?.stream(errorEvent(504, 'Timeout', 'Too large resource version: 400, current: 399'));
    await bench.eventually(() => {
      expect([...bench.pods.list()]).toEqual(['b']);
    });
    await bench.passes(60);
    expect(bench.listings).toHaveLength(1);
    expect(bench.warnings).toEqual([]);
  });
});
