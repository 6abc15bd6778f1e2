import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { InformerBench } from '../../../test/fixtures/informer-bench.js';
import {
  bookmark,
  endMark,
  event,
  list,
  object,
  status,
} from '../../../test/fixtures/scripted-api-server.js';

describe('Reflector, until it has synced', () => {
  let bench: InformerBench;
  beforeEach(async () => {
    bench = await InformerBench.start();
  });
  afterEach(async () => {
    await bench.close();
  });

  describe('with WatchList', () => {
    it('has synced with the end of the initial events, not before, and follows what comes after', async () => {
      const stream = await bench.server.next();
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
      await bench.clock.advance(1_000);
      expect(bench.informer.hasSynced).toBe(false);
      expect(bench.held).toEqual([]);
      stream.stream(
        endMark(5),
        event('MODIFIED', object('a', 6)),
        event('DELETED', object('b', 7)),
      );
      await bench.holds('a@6');
      expect(bench.informer.hasSynced).toBe(true);
      expect(bench.changes.map((batch) => batch.map(({ type, key }) => `${type} ${key}`))).toEqual([
        ['added ns/b', 'added ns/a'],
        ['updated ns/a', 'deleted ns/b'],
      ]);
    });

    it('takes no objects for proven when the mark comes at once', async () => {
      const stream = await bench.server.next();
      stream.stream(endMark(5));
      await bench.synced();
      expect(bench.held).toEqual([]);
      expect(bench.changes).toEqual([]);
    });

    it('lists instead when the server does not know it', async () => {
      const refused = await bench.server.next();
      refused.answer(422, status(422, 'Invalid', 'sendInitialEvents is forbidden for watch'));
      const listing = await bench.server.next();
      expect(listing.query.get('limit')).toBe('500');
      expect(listing.query.get('resourceVersion')).toBe('0');
      listing.answer(200, list(5, [object('a', 1)]));
      const watch = await bench.server.next();
      expect(watch.query.get('resourceVersion')).toBe('5');
      expect(watch.query.has('sendInitialEvents')).toBe(false);
      watch.stream(event('ADDED', object('b', 6)));
      await bench.holds('a@1', 'b@6');
    });

    it('lists instead when the mark does not come within 20 seconds, though events do', async () => {
      const stream = await bench.server.next();
      stream.stream(event('ADDED', object('a', 1)), bookmark(4));
      // The bound begins with the stream.
      await vi.waitFor(() => {
        expect(bench.clock.nextTimerInMs).toBe(20_000);
      });
      await bench.clock.advance(19_000);
      expect(bench.server.untaken).toBe(0);
      await bench.clock.advance(1_000);
      const listing = await bench.server.next();
      expect(bench.informer.hasSynced).toBe(false);
      listing.answer(200, list(5, [object('a', 1)]));
      await bench.holds('a@1');
      expect((await bench.server.next()).query.get('resourceVersion')).toBe('5');
    });

    it('begins again when the stream is cut before the mark, and lists after three cuts', async () => {
      for (let i = 0; i < 3; i += 1) {
        const stream = i === 0 ? await bench.server.next() : await bench.nextAttempt();
        expect(stream.query.get('sendInitialEvents')).toBe('true');
        stream.stream(event('ADDED', object('a', 1)));
        stream.end();
        if (i < 2) await bench.failsWith('before the end of the initial events');
      }
      const listing = await bench.nextAttempt();
      expect(listing.query.get('limit')).toBe('500');
      expect(bench.informer.hasSynced).toBe(false);
      listing.answer(200, list(5, []));
      await bench.synced();
    });
  });

  describe('with lists', () => {
    beforeEach(async () => {
      (await bench.server.next()).answer(400, status(400, 'BadRequest', 'unknown'));
    });

    it('puts the pages of a list together', async () => {
      const first = await bench.server.next();
      first.answer(200, list(5, [object('a', 1)], 'token-1'));
      const second = await bench.server.next();
      expect(Object.fromEntries(second.query)).toEqual({
        limit: '500',
        continue: 'token-1',
        labelSelector: 'app=otel',
      });
      expect(bench.informer.hasSynced).toBe(false);
      second.answer(200, list(5, [object('b', 2)]));
      await bench.holds('a@1', 'b@2');
      expect(bench.changes).toHaveLength(1);
    });

    it('lists everything at once when the pages expire on the way', async () => {
      (await bench.server.next()).answer(200, list(5, [object('a', 1)], 'token-1'));
      (await bench.server.next()).answer(410, status(410, 'Expired'));
      const whole = await bench.server.next();
      expect(Object.fromEntries(whole.query)).toEqual({ labelSelector: 'app=otel' });
      whole.answer(200, list(9, [object('b', 8)]));
      await bench.holds('b@8');
      expect((await bench.server.next()).query.get('resourceVersion')).toBe('9');
    });

    it.each([
      ['an object that is no list', { kind: 'Thing', metadata: { resourceVersion: '5' } }],
      ['a list without a version', { kind: 'ThingList', metadata: {}, items: [] }],
      ['a list whose items are something else', { ...Object(list(5, [])), items: {} }],
      ['an empty answer', ''],
      ['half a list', JSON.stringify(list(5, [object('a', 1)])).slice(0, -5)],
      ['a page of a proxy', '<html>'],
    ])('does not take %s for an empty list', async (_, body) => {
      (await bench.server.next()).answer(200, body);
      await bench.failsWith('TA_KUBE_PROTOCOL');
      expect(bench.informer.hasSynced).toBe(false);
      (await bench.nextAttempt()).answer(200, list(5, [object('a', 1)]));
      await bench.holds('a@1');
    });

    it('gives up a list that does not answer, and asks again', async () => {
      const hanging = await bench.server.next();
      await bench.clock.advance(90_000);
      await bench.failsWith('TA_KUBE_TIMEOUT');
      expect(hanging.isOpen).toBe(false);
      (await bench.nextAttempt()).answer(200, list(5, [object('a', 1)]));
      await bench.holds('a@1');
    });
  });
});
