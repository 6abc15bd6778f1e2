import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { RecordingLogger } from '../../../test/fixtures/plugin-context.js';
import {
  bookmark,
  endMark,
  errorEvent,
  event,
  list,
  object,
  ScriptedApiServer,
  status,
  type ScriptedRequest,
} from '../../../test/fixtures/scripted-api-server.js';
import type { Informer, InformerChange } from '../../plugin-api/index.js';
import { FakeClock } from '../telemetry/testing/fake-clock.js';
import { FileCredentials } from './api-credentials.js';
import { ClusterAccess } from './cluster-access.js';
import type { InformerStatus } from './informer-health.js';

/** What the informers of these tests keep of an object. */
interface Thing {
  readonly name: string;
  readonly version: string;
  readonly data: unknown;
}

function slim(raw: unknown): Thing | undefined {
  const { metadata, data } = raw as {
    metadata: { name: string; resourceVersion: string };
    data?: unknown;
  };
  if (data === 'throw') throw new TypeError('odd object');
  return { name: metadata.name, version: metadata.resourceVersion, data };
}

describe('Reflector', () => {
  let server: ScriptedApiServer;
  let clock: FakeClock;
  let logger: RecordingLogger;
  let access: ClusterAccess;
  let informer: Informer<Thing>;
  let changes: (readonly InformerChange<Thing>[])[];

  beforeEach(async () => {
    server = await ScriptedApiServer.start();
    clock = new FakeClock();
    logger = new RecordingLogger();
    access = new ClusterAccess({
      name: 'test',
      open: () => Promise.resolve({ url: server.url, credentials: new FileCredentials({}) }),
      clock,
      logger,
      random: () => 0.5,
    });
    informer = access.informer<Thing>({
      group: 'example.com',
      version: 'v1',
      plural: 'things',
      namespace: 'ns',
      labelSelector: 'app=otel',
      slim,
      shape: 'thing',
    });
    changes = [];
    informer.onChange((batch) => changes.push(batch));
  });
  afterEach(async () => {
    access.close();
    await server.close();
    await clock.advance(0);
    expect(clock.pendingTimers).toBe(0);
  });

  function held(): readonly string[] {
    return [...informer.list()].map(({ name, version }) => `${name}@${version}`).toSorted();
  }
  async function holds(...expected: readonly string[]): Promise<void> {
    await vi.waitFor(() => {
      expect(held()).toEqual(expected);
    });
  }
  function informerStatus(): InformerStatus {
    const [only] = access.statuses();
    if (only === undefined) throw new Error('there is no informer');
    return only;
  }
  async function failsWith(part: string): Promise<void> {
    await vi.waitFor(() => {
      expect(informerStatus().failure).toContain(part);
    });
    // Lets the back-off's timer be armed before a test moves the clock.
    await clock.advance(0);
  }
  /** Waits until a back-off has begun (other timers are longer), lets it pass, and takes the request that follows. */
  async function nextAttempt(): Promise<ScriptedRequest> {
    await vi.waitFor(() => {
      expect(clock.nextTimerInMs).toBeLessThanOrEqual(30_000);
    });
    await clock.advance(clock.nextTimerInMs ?? 0);
    return server.next();
  }
  /** A synced informer with `a@1`, at version 5, and its open stream. */
  async function syncedAt5(): Promise<ScriptedRequest> {
    const stream = await server.next();
    stream.stream(event('ADDED', object('a', 1)), endMark(5));
    await informer.synced(AbortSignal.timeout(5_000));
    return stream;
  }

  describe('with WatchList', () => {
    it('has synced with the end of the initial events, not before, and follows what comes after', async () => {
      const stream = await server.next();
      expect(stream.path).toBe('/apis/example.com/v1/namespaces/ns/things');
      expect(Object.fromEntries(stream.query)).toMatchObject({
        watch: 'true',
        sendInitialEvents: 'true',
        resourceVersionMatch: 'NotOlderThan',
        allowWatchBookmarks: 'true',
        labelSelector: 'app=otel',
        timeoutSeconds: '450',
      });
      stream.stream(event('ADDED', object('b', 2)), event('ADDED', object('a', 1)));
      await clock.advance(1_000);
      expect(informer.hasSynced).toBe(false);
      expect(held()).toEqual([]);
      stream.stream(
        endMark(5),
        event('MODIFIED', object('a', 6)),
        event('DELETED', object('b', 7)),
      );
      await holds('a@6');
      expect(informer.hasSynced).toBe(true);
      expect(changes.map((batch) => batch.map(({ type, key }) => `${type} ${key}`))).toEqual([
        ['added ns/b', 'added ns/a'],
        ['updated ns/a', 'deleted ns/b'],
      ]);
    });

    it('takes no objects for proven when the mark comes at once', async () => {
      const stream = await server.next();
      stream.stream(endMark(5));
      await informer.synced(AbortSignal.timeout(5_000));
      expect(held()).toEqual([]);
      expect(changes).toEqual([]);
    });

    it('lists instead when the server does not know it', async () => {
      const refused = await server.next();
      refused.answer(422, status(422, 'Invalid', 'sendInitialEvents is forbidden for watch'));
      const listing = await server.next();
      expect(listing.query.get('limit')).toBe('500');
      expect(listing.query.get('resourceVersion')).toBe('0');
      listing.answer(200, list(5, [object('a', 1)]));
      const watch = await server.next();
      expect(watch.query.get('resourceVersion')).toBe('5');
      expect(watch.query.has('sendInitialEvents')).toBe(false);
      watch.stream(event('ADDED', object('b', 6)));
      await holds('a@1', 'b@6');
    });

    it('lists instead when the mark does not come within 20 seconds, though events do', async () => {
      const stream = await server.next();
      stream.stream(event('ADDED', object('a', 1)), bookmark(4));
      // The bound begins with the stream.
      await vi.waitFor(() => {
        expect(clock.nextTimerInMs).toBe(20_000);
      });
      await clock.advance(19_000);
      expect(server.untaken).toBe(0);
      await clock.advance(1_000);
      const listing = await server.next();
      expect(informer.hasSynced).toBe(false);
      listing.answer(200, list(5, [object('a', 1)]));
      await holds('a@1');
      expect((await server.next()).query.get('resourceVersion')).toBe('5');
    });

    it('begins again when the stream is cut before the mark, and lists after three cuts', async () => {
      for (let i = 0; i < 3; i += 1) {
        const stream = i === 0 ? await server.next() : await nextAttempt();
        expect(stream.query.get('sendInitialEvents')).toBe('true');
        stream.stream(event('ADDED', object('a', 1)));
        stream.end();
        if (i < 2) await failsWith('before the end of the initial events');
      }
      const listing = await nextAttempt();
      expect(listing.query.get('limit')).toBe('500');
      expect(informer.hasSynced).toBe(false);
      listing.answer(200, list(5, []));
      await informer.synced(AbortSignal.timeout(5_000));
    });
  });

  describe('with lists', () => {
    beforeEach(async () => {
      (await server.next()).answer(400, status(400, 'BadRequest', 'unknown'));
    });

    it('puts the pages of a list together', async () => {
      const first = await server.next();
      first.answer(200, list(5, [object('a', 1)], 'token-1'));
      const second = await server.next();
      expect(Object.fromEntries(second.query)).toEqual({
        limit: '500',
        continue: 'token-1',
        labelSelector: 'app=otel',
      });
      expect(informer.hasSynced).toBe(false);
      second.answer(200, list(5, [object('b', 2)]));
      await holds('a@1', 'b@2');
      expect(changes).toHaveLength(1);
    });

    it('lists everything at once when the pages expire on the way', async () => {
      (await server.next()).answer(200, list(5, [object('a', 1)], 'token-1'));
      (await server.next()).answer(410, status(410, 'Expired'));
      const whole = await server.next();
      expect(Object.fromEntries(whole.query)).toEqual({ labelSelector: 'app=otel' });
      whole.answer(200, list(9, [object('b', 8)]));
      await holds('b@8');
      expect((await server.next()).query.get('resourceVersion')).toBe('9');
    });

    it.each([
      ['an object that is no list', { kind: 'Thing', metadata: { resourceVersion: '5' } }],
      ['a list without a version', { kind: 'ThingList', metadata: {}, items: [] }],
      ['a list whose items are something else', { ...Object(list(5, [])), items: {} }],
      ['an empty answer', ''],
      ['half a list', JSON.stringify(list(5, [object('a', 1)])).slice(0, -5)],
      ['a page of a proxy', '<html>'],
    ])('does not take %s for an empty list', async (_, body) => {
      (await server.next()).answer(200, body);
      await failsWith('TA_KUBE_PROTOCOL');
      expect(informer.hasSynced).toBe(false);
      (await nextAttempt()).answer(200, list(5, [object('a', 1)]));
      await holds('a@1');
    });

    it('gives up a list that does not answer, and asks again', async () => {
      const hanging = await server.next();
      await clock.advance(90_000);
      await failsWith('TA_KUBE_TIMEOUT');
      expect(hanging.isOpen).toBe(false);
      (await nextAttempt()).answer(200, list(5, [object('a', 1)]));
      await holds('a@1');
    });
  });

  describe('watching on', () => {
    it('goes on where the stream ended, at once when it ended in good order', async () => {
      const stream = await syncedAt5();
      stream.stream(event('ADDED', object('b', 7)), bookmark(11));
      await holds('a@1', 'b@7');
      await clock.advance(50_000);
      stream.end();
      const watch = await server.next();
      expect(watch.query.get('resourceVersion')).toBe('11');
      watch.stream(bookmark(12));
      await vi.waitFor(() => {
        expect(informerStatus()).toMatchObject({ relists: 0, reconnects: 1, failure: undefined });
      });
    });

    it('goes on after the last whole line when the connection is cut in the middle of one', async () => {
      const stream = await syncedAt5();
      const line = JSON.stringify(event('ADDED', object('c', 8)));
      stream.stream(event('ADDED', object('b', 7)));
      stream.write(line.slice(0, 20));
      await holds('a@1', 'b@7');
      stream.cut();
      await failsWith('TA_KUBE_CONNECTION');
      const watch = await nextAttempt();
      expect(watch.query.get('resourceVersion')).toBe('7');
      watch.stream(event('ADDED', object('c', 8)));
      await holds('a@1', 'b@7', 'c@8');
      expect(informerStatus().relists).toBe(0);
    });

    it('reads a stream that comes byte by byte', async () => {
      const stream = await syncedAt5();
      const text = 'ümläut 漢字 😀';
      const bytes = Buffer.from(
        `${JSON.stringify(event('ADDED', object('b', 7, { data: text })))}\n`,
      );
      for (let i = 0; i < bytes.length; i += 1) {
        stream.write(bytes.subarray(i, i + 1));
        await new Promise((resolve) => setImmediate(resolve));
      }
      await holds('a@1', 'b@7');
      expect(informer.get('ns/b')?.data).toBe(text);
    });

    it('asks anew when nothing is heard for two minutes: bookmarks may be withheld', async () => {
      const stream = await syncedAt5();
      await clock.advance(104_000);
      expect(stream.isOpen).toBe(true);
      await clock.advance(1_000);
      const watch = await server.next();
      expect(watch.query.get('resourceVersion')).toBe('5');
      expect(informerStatus().failure).toBeUndefined();
      watch.stream(event('ADDED', object('b', 7)));
      await holds('a@1', 'b@7');
    });

    it('does not ask a server without a pause that ends its watches as soon as they begin', async () => {
      (await syncedAt5()).end();
      (await server.next()).end();
      await failsWith('ended as soon as it began');
      expect(server.untaken).toBe(0);
      const watch = await nextAttempt();
      expect(watch.query.has('sendInitialEvents')).toBe(false);
      watch.stream(event('ADDED', object('b', 7)));
      await holds('a@1', 'b@7');
    });

    it('drops a stream with a corrupt line and lists again', async () => {
      const stream = await syncedAt5();
      stream.stream(event('ADDED', object('b', 7)));
      await holds('a@1', 'b@7');
      stream.write('{"type":"ADDED","object":{"metad#ta"\n');
      await failsWith('is not JSON');
      const again = await nextAttempt();
      expect(again.query.get('sendInitialEvents')).toBe('true');
      expect(again.query.get('resourceVersion')).toBe('7');
      again.stream(event('ADDED', object('a', 1)), event('ADDED', object('c', 8)), endMark(9));
      await holds('a@1', 'c@8');
    });

    it.each([
      ['is no event', '{"type":"WHAT","object":{}}\n'],
      ['has no name', '{"type":"ADDED","object":{"metadata":{"resourceVersion":"9"}}}\n'],
      ['is not UTF-8', Buffer.from([0x7b, 0xff, 0x7d, 0x0a])],
    ])('drops a stream with a line that %s', async (_, line) => {
      const stream = await syncedAt5();
      stream.write(line);
      await failsWith('TA_KUBE_PROTOCOL');
      expect((await nextAttempt()).query.get('sendInitialEvents')).toBe('true');
      expect(held()).toEqual(['a@1']);
    });

    it('keeps what it knew of an object that cannot be read', async () => {
      const stream = await syncedAt5();
      stream.stream(
        event('MODIFIED', object('a', 6, { data: 'throw' })),
        event('ADDED', object('b', 7, { data: 'throw' })),
        event('ADDED', object('c', 8)),
      );
      await holds('a@1', 'c@8');
      expect(logger.lines.filter(({ level }) => level === 'warn')).toHaveLength(2);
    });
  });

  describe('when the server refuses', () => {
    it('lists again, not older than seen, when its version is gone while watching', async () => {
      const stream = await syncedAt5();
      stream.stream(event('ADDED', object('b', 7)), errorEvent(410, 'Expired', 'too old'));
      const again = await server.next();
      expect(held()).toEqual(['a@1', 'b@7']);
      expect(again.query.get('sendInitialEvents')).toBe('true');
      expect(again.query.get('resourceVersion')).toBe('7');
      again.stream(event('ADDED', object('a', 1)), endMark(20));
      await holds('a@1');
      expect(changes.at(-1)).toEqual([
        { type: 'deleted', key: 'ns/b', object: expect.anything() as unknown },
      ]);
      expect(informerStatus().relists).toBe(1);
    });

    it('lists again when a new watch is answered with 410, and takes the newest list when that is gone too', async () => {
      (await syncedAt5()).cut();
      await failsWith('TA_KUBE_CONNECTION');
      (await nextAttempt()).answer(410, status(410, 'Gone'));
      const notOlder = await nextAttempt();
      expect(notOlder.query.get('resourceVersion')).toBe('5');
      notOlder.answer(410, status(410, 'Expired'));
      const newest = await nextAttempt();
      expect(newest.query.has('resourceVersion')).toBe(false);
      expect(newest.query.get('sendInitialEvents')).toBe('true');
      newest.stream(event('ADDED', object('a', 30)), endMark(30));
      await holds('a@30');
    });

    it('takes the newest list when the server has gone back in time', async () => {
      const stream = await syncedAt5();
      stream.stream(errorEvent(504, 'Timeout', 'Too large resource version: 5, current: 3'));
      const newest = await server.next();
      expect(newest.query.get('sendInitialEvents')).toBe('true');
      expect(newest.query.has('resourceVersion')).toBe(false);
      newest.stream(event('ADDED', object('a', 3)), endMark(3));
      await holds('a@3');
    });

    it('tells an object that was made anew while away as a deletion and an addition', async () => {
      const stream = await syncedAt5();
      stream.stream(errorEvent(410, 'Expired'));
      const again = await server.next();
      again.stream(event('ADDED', object('a', 9, { uid: 'another' })), endMark(10));
      await holds('a@9');
      expect(changes.at(-1)?.map(({ type, object: { version } }) => `${type} ${version}`)).toEqual([
        'deleted 1',
        'added 9',
      ]);
    });

    it('waits as long as a 429 says, and goes on where it was', async () => {
      (await syncedAt5()).cut();
      await failsWith('TA_KUBE_CONNECTION');
      (await nextAttempt()).answer(429, status(429, 'TooManyRequests'), { 'retry-after': '120' });
      await failsWith('429');
      await clock.advance(119_000);
      expect(server.untaken).toBe(0);
      await clock.advance(1_000);
      const watch = await server.next();
      expect(watch.query.get('resourceVersion')).toBe('5');
      expect(watch.query.has('sendInitialEvents')).toBe(false);
    });

    it.each([
      [401, 'Unauthorized', '401'],
      [403, 'Forbidden', 'needed: verbs list and watch on things.example.com in namespace ns'],
      [404, 'NotFound', 'does not serve things.example.com v1'],
      [500, 'InternalError', '500'],
      [503, 'ServiceUnavailable', '503'],
    ])('keeps trying after %i, keeps its objects and says so once', async (code, reason, told) => {
      (await syncedAt5()).cut();
      await failsWith('TA_KUBE_CONNECTION');
      for (let i = 0; i < 5; i += 1) {
        (await nextAttempt()).answer(code, status(code, reason));
        await failsWith(told);
      }
      expect(held()).toEqual(['a@1']);
      const lines = logger.lines.filter(({ fields }) => JSON.stringify(fields).includes(told));
      expect(lines.filter(({ level }) => level === 'warn')).toHaveLength(1);
      expect(informerStatus().errors.get(String(code))).toBe(5);
      (await nextAttempt()).stream(event('ADDED', object('b', 7)));
      await holds('a@1', 'b@7');
      expect(informerStatus()).toMatchObject({ failure: undefined, failureStatus: undefined });
    });

    it('asks ever less often, but never less than twice a minute', async () => {
      (await syncedAt5()).cut();
      await failsWith('TA_KUBE_CONNECTION');
      const waits: number[] = [];
      for (let i = 0; i < 12; i += 1) {
        const waitMs = clock.nextTimerInMs ?? Number.NaN;
        waits.push(waitMs);
        await clock.advance(waitMs);
        (await server.next()).answer(500, 'etcdserver: no leader');
        await failsWith('no leader');
      }
      expect(waits).toEqual(waits.toSorted((a, b) => a - b));
      expect(waits[0]).toBeLessThanOrEqual(2_400);
      expect(waits.at(-1)).toBe(30_000);
    });
  });
});
