import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { RecordingLogger, RecordingMeter } from '../../../test/fixtures/plugin-context.js';
import {
  endMark,
  event,
  object,
  ScriptedApiServer,
  things,
} from '../../../test/fixtures/scripted-api-server.js';
import { FakeClock } from '../telemetry/testing/fake-clock.js';
import { FileCredentials } from './api-credentials.js';
import { ClusterAccess } from './cluster-access.js';
import { meterInformers } from './informer-metrics.js';

describe('SharedInformers', () => {
  let server: ScriptedApiServer;
  let clock: FakeClock;
  let logger: RecordingLogger;
  let access: ClusterAccess;

  beforeEach(async () => {
    server = await ScriptedApiServer.start();
    clock = new FakeClock();
    logger = new RecordingLogger();
    access = new ClusterAccess({
      name: 'test',
      open: () => Promise.resolve({ url: server.url, credentials: new FileCredentials({}) }),
      clock,
      logger,
      isProbed: false,
    });
  });
  afterEach(async () => {
    access.close();
    await server.close();
    await clock.advance(0);
    expect(clock.pendingTimers).toBe(0);
  });

  it('watches once for all who ask for the same, and ends with the last of them', async () => {
    const first = access.informer(things);
    const second = access.informer({ ...things });
    const stream = await server.next();
    expect(stream.path).toBe('/api/v1/things');
    stream.stream(event('ADDED', object('a', 1)), endMark(2));
    await second.synced(AbortSignal.timeout(5_000));
    expect([...first.list()]).toEqual(['a']);
    expect(server.untaken).toBe(0);
    first.close();
    first.close();
    expect(stream.isOpen).toBe(true);
    second.close();
    await vi.waitFor(() => {
      expect(stream.isOpen).toBe(false);
    });
    expect(access.statuses()).toEqual([]);
  });

  it('watches anew when it is asked for again after its end', async () => {
    access.informer(things).close();
    const again = access.informer(things);
    await vi.waitFor(async () => {
      const request = await server.next();
      request.stream(event('ADDED', object('a', 1)), endMark(2));
      expect(again.hasSynced || request.isOpen).toBe(true);
    });
    await again.synced(AbortSignal.timeout(5_000));
    expect(again.get('ns/a')).toBe('a');
  });

  it.each([
    ['namespace', { namespace: 'ns' }],
    ['label selector', { labelSelector: 'a=b' }],
    ['field selector', { fieldSelector: 'spec.nodeName=n' }],
    ['shape', { shape: 'other' }],
    ['version', { version: 'v2' }],
    ['group', { group: 'example.com' }],
  ])('watches apart what differs in its %s', async (_, difference) => {
    access.informer(things);
    access.informer({ ...things, ...difference });
    await server.next();
    await server.next();
    expect(access.statuses()).toHaveLength(2);
  });

  it('no longer calls the listeners of one that is closed, nor those taken back', async () => {
    const kept = access.informer(things);
    const closed = access.informer(things);
    const calls: string[] = [];
    kept.onChange(() => calls.push('kept'));
    kept.onChange(() => calls.push('taken back'))();
    closed.onChange(() => calls.push('closed'));
    closed.close();
    (await server.next()).stream(event('ADDED', object('a', 1)), endMark(2));
    await kept.synced(AbortSignal.timeout(5_000));
    expect(calls).toEqual(['kept']);
  });

  it('calls the other listeners when one throws', async () => {
    const informer = access.informer(things);
    const calls: string[] = [];
    informer.onChange(() => {
      throw new TypeError('a broken listener');
    });
    informer.onChange(() => calls.push('second'));
    (await server.next()).stream(event('ADDED', object('a', 1)), endMark(2));
    await informer.synced(AbortSignal.timeout(5_000));
    expect(calls).toEqual(['second']);
    expect(logger.lines.map(({ message }) => message)).toContain(
      'listener of a kubernetes informer failed',
    );
  });

  it('does not let anybody wait for ever', async () => {
    const informer = access.informer(things);
    const patience = new AbortController();
    const impatient = informer.synced(patience.signal);
    const waiting = informer.synced(new AbortController().signal);
    patience.abort(new DOMException('enough', 'AbortError'));
    await expect(impatient).rejects.toThrow('enough');
    informer.close();
    await expect(waiting).rejects.toThrow('TA_KUBE_INFORMER_CLOSED');
  });

  it('tries again to find out how the server is reached', async () => {
    let attempts = 0;
    const late = new ClusterAccess({
      name: 'late',
      open: () => {
        attempts += 1;
        if (attempts === 1) return Promise.reject(new TypeError('no file yet'));
        return Promise.resolve({ url: server.url, credentials: new FileCredentials({}) });
      },
      clock,
      logger,
      isProbed: false,
    });
    const informer = late.informer(things);
    await vi.waitFor(() => {
      expect(late.statuses()[0]?.failure).toContain('no file yet');
    });
    await clock.advance(3_000);
    (await server.next()).stream(endMark(2));
    await informer.synced(AbortSignal.timeout(5_000));
    late.close();
  });

  it('reports how each informer fares, as long as it is used', async () => {
    const meter = new RecordingMeter();
    meterInformers(meter, () =>
      access.informers().map((informer) => ({ server: 'own', informer })),
    );
    const informer = access.informer({ ...things, namespace: 'ns', labelSelector: 'a=b' });
    const labels = JSON.stringify({
      server: 'own',
      resource: 'things',
      namespace: 'ns',
      selector: 'a=b',
      shape: 'name',
    });
    const prefix = 'opentelemetry_allocator_kubernetes_informer';
    expect(meter.series(`${prefix}_synced`)).toEqual({ [labels]: 0 });
    expect(meter.series(`${prefix}_last_success_age_seconds`)).toEqual({ [labels]: Number.NaN });
    (await server.next()).stream(event('ADDED', object('a', 1)), endMark(2));
    await informer.synced(AbortSignal.timeout(5_000));
    await clock.advance(7_000);
    expect(meter.series(`${prefix}_synced`)).toEqual({ [labels]: 1 });
    expect(meter.series(`${prefix}_objects`)).toEqual({ [labels]: 1 });
    expect(meter.series(`${prefix}_last_success_age_seconds`)).toEqual({ [labels]: 7 });
    informer.close();
    expect(meter.series(`${prefix}_synced`)).toEqual({});
  });
});
