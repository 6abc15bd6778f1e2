import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { InformerBench } from '../../../test/fixtures/informer-bench.js';
import {
  bookmark,
  endMark,
  errorEvent,
  event,
  object,
  status,
} from '../../../test/fixtures/scripted-api-server.js';

describe('Reflector, once it has synced', () => {
  let bench: InformerBench;
  beforeEach(async () => {
    bench = await InformerBench.start();
  });
  afterEach(async () => {
    await bench.close();
  });

  describe('watching on', () => {
    it('goes on where the stream ended, at once when it ended in good order', async () => {
      const stream = await bench.syncedAt5();
      stream.stream(event('ADDED', object('b', 7)), bookmark(11));
      await bench.holds('a@1', 'b@7');
      await bench.clock.advance(50_000);
      stream.end();
      const watch = await bench.server.next();
      expect(watch.query.get('resourceVersion')).toBe('11');
      watch.stream(bookmark(12));
      await vi.waitFor(() => {
        expect(bench.status).toMatchObject({ relists: 0, reconnects: 1, failure: undefined });
      });
    });

    it('goes on after the last whole line when the connection is cut in the middle of one', async () => {
      const stream = await bench.syncedAt5();
      const line = JSON.stringify(event('ADDED', object('c', 8)));
      stream.stream(event('ADDED', object('b', 7)));
      stream.write(line.slice(0, 20));
      await bench.holds('a@1', 'b@7');
      stream.cut();
      await bench.failsWith('TA_KUBE_CONNECTION');
      const watch = await bench.nextAttempt();
      expect(watch.query.get('resourceVersion')).toBe('7');
      watch.stream(event('ADDED', object('c', 8)));
      await bench.holds('a@1', 'b@7', 'c@8');
      expect(bench.status.relists).toBe(0);
    });

    it('reads a stream that comes byte by byte', async () => {
      const stream = await bench.syncedAt5();
      const text = 'ümläut 漢字 😀';
      const bytes = Buffer.from(
        `${JSON.stringify(event('ADDED', object('b', 7, { data: text })))}\n`,
      );
      for (let i = 0; i < bytes.length; i += 1) {
        stream.write(bytes.subarray(i, i + 1));
        await new Promise((resolve) => setImmediate(resolve));
      }
      await bench.holds('a@1', 'b@7');
      expect(bench.informer.get('ns/b')?.data).toBe(text);
    });

    it('asks anew when nothing is heard for two minutes: bookmarks may be withheld', async () => {
      const stream = await bench.syncedAt5();
      await bench.clock.advance(104_000);
      expect(stream.isOpen).toBe(true);
      await bench.clock.advance(1_000);
      const watch = await bench.server.next();
      expect(watch.query.get('resourceVersion')).toBe('5');
      expect(bench.status.failure).toBeUndefined();
      watch.stream(event('ADDED', object('b', 7)));
      await bench.holds('a@1', 'b@7');
    });

    it('does not ask a server without a pause that ends its watches as soon as they begin', async () => {
      (await bench.syncedAt5()).end();
      (await bench.server.next()).end();
      await bench.failsWith('ended as soon as it began');
      expect(bench.server.untaken).toBe(0);
      const watch = await bench.nextAttempt();
      expect(watch.query.has('sendInitialEvents')).toBe(false);
      watch.stream(event('ADDED', object('b', 7)));
      await bench.holds('a@1', 'b@7');
    });

    it('drops a stream with a corrupt line and lists again', async () => {
      const stream = await bench.syncedAt5();
      stream.stream(event('ADDED', object('b', 7)));
      await bench.holds('a@1', 'b@7');
      stream.write('{"type":"ADDED","object":{"metad#ta"\n');
      await bench.failsWith('is not JSON');
      const again = await bench.nextAttempt();
      expect(again.query.get('sendInitialEvents')).toBe('true');
      expect(again.query.get('resourceVersion')).toBe('7');
      again.stream(event('ADDED', object('a', 1)), event('ADDED', object('c', 8)), endMark(9));
      await bench.holds('a@1', 'c@8');
    });

    it.each([
      ['is no event', '{"type":"WHAT","object":{}}\n'],
      ['has no name', '{"type":"ADDED","object":{"metadata":{"resourceVersion":"9"}}}\n'],
      ['is not UTF-8', Buffer.from([0x7b, 0xff, 0x7d, 0x0a])],
    ])('drops a stream with a line that %s', async (_, line) => {
      const stream = await bench.syncedAt5();
      stream.write(line);
      await bench.failsWith('TA_KUBE_PROTOCOL');
      expect((await bench.nextAttempt()).query.get('sendInitialEvents')).toBe('true');
      expect(bench.held).toEqual(['a@1']);
    });

    it('keeps what it knew of an object that cannot be read', async () => {
      const stream = await bench.syncedAt5();
      stream.stream(
        event('MODIFIED', object('a', 6, { data: 'throw' })),
        event('ADDED', object('b', 7, { data: 'throw' })),
        event('ADDED', object('c', 8)),
      );
      await bench.holds('a@1', 'c@8');
      expect(bench.logger.lines.filter(({ level }) => level === 'warn')).toHaveLength(2);
    });
  });

  describe('when the server refuses', () => {
    it('lists again, not older than seen, when its version is gone while watching', async () => {
      const stream = await bench.syncedAt5();
      stream.stream(event('ADDED', object('b', 7)), errorEvent(410, 'Expired', 'too old'));
      const again = await bench.server.next();
      expect(bench.held).toEqual(['a@1', 'b@7']);
      expect(again.query.get('sendInitialEvents')).toBe('true');
      expect(again.query.get('resourceVersion')).toBe('7');
      again.stream(event('ADDED', object('a', 1)), endMark(20));
      await bench.holds('a@1');
      expect(bench.changes.at(-1)).toEqual([
        { type: 'deleted', key: 'ns/b', object: expect.anything() as unknown },
      ]);
      expect(bench.status.relists).toBe(1);
    });

    it('lists again when a new watch is answered with 410, and takes the newest list when that is gone too', async () => {
      (await bench.syncedAt5()).cut();
      await bench.failsWith('TA_KUBE_CONNECTION');
      (await bench.nextAttempt()).answer(410, status(410, 'Gone'));
      const notOlder = await bench.nextAttempt();
      expect(notOlder.query.get('resourceVersion')).toBe('5');
      notOlder.answer(410, status(410, 'Expired'));
      const newest = await bench.nextAttempt();
      expect(newest.query.has('resourceVersion')).toBe(false);
      expect(newest.query.get('sendInitialEvents')).toBe('true');
      newest.stream(event('ADDED', object('a', 30)), endMark(30));
      await bench.holds('a@30');
    });

    it('takes the newest list when the server has gone back in time', async () => {
      const stream = await bench.syncedAt5();
      stream.stream(errorEvent(504, 'Timeout', 'Too large resource version: 5, current: 3'));
      const newest = await bench.server.next();
      expect(newest.query.get('sendInitialEvents')).toBe('true');
      expect(newest.query.has('resourceVersion')).toBe(false);
      newest.stream(event('ADDED', object('a', 3)), endMark(3));
      await bench.holds('a@3');
    });

    it('tells an object that was made anew while away as a deletion and an addition', async () => {
      const stream = await bench.syncedAt5();
      stream.stream(errorEvent(410, 'Expired'));
      const again = await bench.server.next();
      again.stream(event('ADDED', object('a', 9, { uid: 'another' })), endMark(10));
      await bench.holds('a@9');
      expect(
        bench.changes.at(-1)?.map(({ type, object: { version } }) => `${type} ${version}`),
      ).toEqual(['deleted 1', 'added 9']);
    });

    it('waits as long as a 429 says, and goes on where it was', async () => {
      (await bench.syncedAt5()).cut();
      await bench.failsWith('TA_KUBE_CONNECTION');
      (await bench.nextAttempt()).answer(429, status(429, 'TooManyRequests'), {
        'retry-after': '120',
      });
      await bench.failsWith('429');
      await bench.clock.advance(119_000);
      expect(bench.server.untaken).toBe(0);
      await bench.clock.advance(1_000);
      const watch = await bench.server.next();
      expect(watch.query.get('resourceVersion')).toBe('5');
      expect(watch.query.has('sendInitialEvents')).toBe(false);
    });

    it.each([
      [401, 'Unauthorized', '401'],
      [403, 'Forbidden', 'needed: verbs list and watch on things.example.com in namespace ns'],
      [500, 'InternalError', '500'],
      [503, 'ServiceUnavailable', '503'],
    ])('keeps trying after %i, keeps its objects and says so once', async (code, reason, told) => {
      (await bench.syncedAt5()).cut();
      await bench.failsWith('TA_KUBE_CONNECTION');
      for (let i = 0; i < 5; i += 1) {
        (await bench.nextAttempt()).answer(code, status(code, reason));
        await bench.failsWith(told);
      }
      expect(bench.held).toEqual(['a@1']);
      const lines = bench.logger.lines.filter(({ fields }) =>
        JSON.stringify(fields).includes(told),
      );
      expect(lines.filter(({ level }) => level === 'warn')).toHaveLength(1);
      expect(bench.status.errors.get(String(code))).toBe(5);
      (await bench.nextAttempt()).stream(event('ADDED', object('b', 7)));
      await bench.holds('a@1', 'b@7');
      expect(bench.status).toMatchObject({ failure: undefined, failureStatus: undefined });
    });

    it('asks ever less often, but never less than twice a minute', async () => {
      (await bench.syncedAt5()).cut();
      await bench.failsWith('TA_KUBE_CONNECTION');
      const waits: number[] = [];
      for (let i = 0; i < 12; i += 1) {
        const waitMs = bench.clock.nextTimerInMs ?? Number.NaN;
        waits.push(waitMs);
        await bench.clock.advance(waitMs);
        (await bench.server.next()).answer(500, 'etcdserver: no leader');
        await bench.failsWith('no leader');
      }
      expect(waits).toEqual(waits.toSorted((a, b) => a - b));
      expect(waits[0]).toBeLessThanOrEqual(2_400);
      expect(waits.at(-1)).toBe(30_000);
    });
  });
});
