import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { RecordingLogger, RecordingMeter } from '../../../test/fixtures/plugin-context.js';
import {
  bookmark,
  endMark,
  event,
  list,
  object,
  ScriptedApiServer,
  status,
  type ScriptedRequest,
} from '../../../test/fixtures/scripted-api-server.js';
import type { Informer } from '../../plugin-api/index.js';
import { FakeClock } from '../telemetry/testing/fake-clock.js';
import { FileCredentials } from './api-credentials.js';
import { ClusterAccess } from './cluster-access.js';
import { meterInformers } from './informer-metrics.js';

const intervalMs = 60_000;

describe('comparing an informer with fresh lists', () => {
  let server: ScriptedApiServer;
  let clock: FakeClock;
  let logger: RecordingLogger;
  let meter: RecordingMeter;
  let access: ClusterAccess;
  let informer: Informer<string>;
  let watch: ScriptedRequest;

  beforeEach(async () => {
    server = await ScriptedApiServer.start();
    clock = new FakeClock();
    logger = new RecordingLogger();
    meter = new RecordingMeter();
    access = new ClusterAccess({
      name: 'own',
      open: () => Promise.resolve({ url: server.url, credentials: new FileCredentials({}) }),
      clock,
      logger,
      random: () => 0.5,
      isProbed: false,
      checkIntervalMs: intervalMs,
    });
    meterInformers(meter, () =>
      access.informers().map((one) => ({ server: 'own', informer: one })),
    );
    informer = access.informer({
      group: '',
      version: 'v1',
      plural: 'things',
      slim: (raw) => {
        const { name } = (raw as { metadata: { name: string } }).metadata;
        return name === 'left-out' ? undefined : name;
      },
      shape: 'name',
    });
    watch = await server.next();
    watch.stream(event('ADDED', object('a', 1)), event('ADDED', object('b', 2)), endMark(5));
    await informer.synced(AbortSignal.timeout(5_000));
  });
  afterEach(async () => {
    access.close();
    await server.close();
    await clock.advance(0);
    expect(clock.pendingTimers).toBe(0);
  });

  const counted = () =>
    Object.values(
      meter.series('opentelemetry_allocator_kubernetes_informer_inconsistencies_total'),
    );
  async function answerCheck(items: readonly unknown[], afterMs: number): Promise<void> {
    await clock.advance(afterMs);
    const request = await server.next();
    expect(request.query.has('watch')).toBe(false);
    // The newest state, whatever the server has at hand.
    expect(request.query.has('resourceVersion')).toBe(false);
    request.answer(200, list(9, items));
  }
  /** Lets the answer be read and the next timer be armed. */
  async function settled(nextTimerInMs: number): Promise<void> {
    await vi.waitFor(async () => {
      await clock.advance(0);
      expect(clock.nextTimerInMs).toBe(nextTimerInMs);
    });
  }

  it('finds nothing when both have the same, and asks again after the interval', async () => {
    const same = [object('a', 1), object('b', 2), object('left-out', 3)];
    await answerCheck(same, intervalMs);
    watch.stream(bookmark(10));
    await settled(intervalMs);
    await answerCheck(same, intervalMs);
    expect(counted()).toEqual([0]);
    expect(watch.isOpen).toBe(true);
  });

  it('takes what changes meanwhile for no difference', async () => {
    await answerCheck([object('a', 7), object('b', 2)], intervalMs);
    await settled(10_000);
    watch.stream(event('MODIFIED', object('a', 7)));
    await vi.waitFor(() => {
      expect(access.informers()[0]?.health.silentMs).toBe(0);
    });
    await answerCheck([object('a', 7), object('b', 8)], 10_000);
    await vi.waitFor(async () => {
      await clock.advance(0);
      expect(clock.pendingTimers).toBe(2);
    });
    expect(counted()).toEqual([0]);
    expect(watch.isOpen).toBe(true);
  });

  it('counts, names and puts right what differs for long', async () => {
    const fresh = [object('a', 7), object('c', 8)];
    await answerCheck(fresh, intervalMs);
    await settled(10_000);
    await answerCheck(fresh, 10_000);
    const relist = await server.next();
    expect(relist.query.get('sendInitialEvents')).toBe('true');
    expect(relist.query.has('resourceVersion')).toBe(false);
    expect(counted()).toEqual([3]);
    const told = logger.lines.find(({ level }) => level === 'error');
    expect(told?.fields).toMatchObject({ objects: 3, keys: ['ns/a', 'ns/c', 'ns/b'] });
    const changes: string[] = [];
    informer.onChange((batch) => {
      for (const { type, key } of batch) changes.push(`${type} ${key}`);
    });
    relist.stream(event('ADDED', object('a', 7)), event('ADDED', object('c', 8)), endMark(9));
    await vi.waitFor(() => {
      expect([...informer.list()]).toEqual(['a', 'c']);
    });
    expect(changes.toSorted()).toEqual(['added ns/c', 'deleted ns/b', 'updated ns/a']);
    expect(access.statuses()[0]).toMatchObject({ failure: undefined, relists: 1 });
  });

  it('leaves the watch alone when the list is refused', async () => {
    await clock.advance(intervalMs);
    (await server.next()).answer(500, status(500, 'InternalError'));
    await vi.waitFor(() => {
      expect(logger.lines.map(({ message }) => message)).toContain(
        'kubernetes informer could not be checked',
      );
    });
    expect(watch.isOpen).toBe(true);
    expect(access.statuses()[0]?.failure).toBeUndefined();
  });
});
