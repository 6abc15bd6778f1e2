import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { InformerBench } from '../../../test/fixtures/informer-bench.js';
import { endMark, event, object, status } from '../../../test/fixtures/scripted-api-server.js';

describe('the failure that an informer tells', () => {
  let bench: InformerBench;
  let told: (string | undefined)[];
  beforeEach(async () => {
    bench = await InformerBench.start();
    told = [];
    bench.informer.onFailure((failure) => told.push(failure?.kind));
  });
  afterEach(async () => {
    await bench.close();
  });

  const verdicts = [
    [403, 'Forbidden', 'forbidden', 'needed: verbs list and watch on things.example.com'],
    [404, 'NotFound', 'absent', 'is its CRD installed?'],
  ] as const;

  /** Answers with a refusal until it is told as a verdict. */
  async function refuseUntil(code: number, reason: string, kind: string): Promise<number> {
    for (let answers = 1; ; answers += 1) {
      (await bench.nextAttempt()).answer(code, status(code, reason));
      await bench.failsWith(String(code));
      if (bench.informer.failure?.kind === kind) return answers;
    }
  }

  it.each(verdicts)(
    'is a verdict once the server has kept to %i for two seconds, and ends with the objects',
    async (code, reason, kind, message) => {
      (await bench.server.next()).answer(code, status(code, reason));
      await bench.failsWith(String(code));
      expect(told).toEqual(['unavailable']);
      await refuseUntil(code, reason, kind);
      expect(told).toEqual(['unavailable', kind]);
      expect(bench.clock.monotonicMs()).toBeGreaterThanOrEqual(2_000);
      expect(bench.informer.failure?.message).toContain(message);
      (await bench.nextAttempt()).stream(event('ADDED', object('a', 1)), endMark(5));
      await bench.holds('a@1');
      await vi.waitFor(() => {
        expect(told).toEqual(['unavailable', kind, undefined]);
      });
      expect(bench.informer.failure).toBeUndefined();
    },
  );

  it('is no verdict when the server grants in the next moment what it has refused', async () => {
    (await bench.server.next()).answer(403, status(403, 'Forbidden'));
    await bench.failsWith('403');
    (await bench.nextAttempt()).stream(endMark(5));
    await bench.synced();
    await vi.waitFor(() => {
      expect(told).toEqual(['unavailable', undefined]);
    });
  });

  it('is no verdict when the server cannot be asked, and takes none back', async () => {
    (await bench.server.next()).cut();
    await bench.failsWith('TA_KUBE_CONNECTION');
    (await bench.nextAttempt()).answer(503, status(503, 'ServiceUnavailable'));
    await bench.failsWith('503');
    expect(told).toEqual(['unavailable']);
    await refuseUntil(403, 'Forbidden', 'forbidden');
    (await bench.nextAttempt()).answer(500, 'etcdserver: no leader');
    await bench.failsWith('no leader');
    expect(bench.informer.failure?.kind).toBe('forbidden');
    expect(told).toEqual(['unavailable', 'forbidden']);
  });

  it('begins anew with another failure in between', async () => {
    (await bench.server.next()).answer(403, status(403, 'Forbidden'));
    await bench.failsWith('403');
    (await bench.nextAttempt()).cut();
    await bench.failsWith('TA_KUBE_CONNECTION');
    await bench.clock.advance(2_000);
    (await bench.nextAttempt()).answer(403, status(403, 'Forbidden'));
    await bench.failsWith('403');
    expect(told).toEqual(['unavailable']);
  });

  it('keeps the objects of a kind that is removed, and lists anew when it comes back', async () => {
    (await bench.syncedAt5()).cut();
    await bench.failsWith('TA_KUBE_CONNECTION');
    await refuseUntil(404, 'NotFound', 'absent');
    expect(bench.held).toEqual(['a@1']);
    const back = await bench.nextAttempt();
    expect(back.query.get('sendInitialEvents')).toBe('true');
    back.stream(event('ADDED', object('b', 30)), endMark(31));
    await bench.holds('b@30');
    await vi.waitFor(() => {
      expect(told).toEqual(['unavailable', 'absent', undefined]);
    });
  });

  it('asks for a kind that is absent at least twice a minute', async () => {
    (await bench.server.next()).answer(404, '404 page not found');
    await bench.failsWith('404');
    for (let i = 0; i < 8; i += 1) {
      expect(bench.clock.nextTimerInMs).toBeLessThanOrEqual(30_000);
      (await bench.nextAttempt()).answer(404, '404 page not found');
      await bench.failsWith('404');
    }
    expect(bench.informer.failure?.kind).toBe('absent');
  });

  it('is no longer told to a listener that was taken back, nor by an informer that is closed', async () => {
    const later: unknown[] = [];
    bench.informer.onFailure(() => later.push('taken back'))();
    bench.informer.onFailure(() => {
      throw new TypeError('a broken listener');
    });
    (await bench.server.next()).cut();
    await bench.failsWith('TA_KUBE_CONNECTION');
    expect(later).toEqual([]);
    expect(told).toEqual(['unavailable']);
    bench.informer.close();
    expect(bench.logger.lines.map(({ message }) => message)).toContain(
      'listener of a kubernetes informer failed',
    );
  });
});
