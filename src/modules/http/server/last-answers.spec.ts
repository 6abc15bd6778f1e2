import { createServer } from 'node:http';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { afterEach, describe, expect, it } from 'vitest';
import { startTestApp, type TestApp } from '../testing/test-app.js';
import { LastAnswers } from './last-answers.js';
import { quietMoment } from './quiet-moment.js';

describe('answers', () => {
  let t: TestApp;
  afterEach(() => t.app.close());

  it.each(['/jobs', '/livez', '/nowhere'])(
    'of %s end their connection once the end has begun, and not before',
    async (url) => {
      t = await startTestApp();
      const before = await t.app.inject({ url });
      expect(before.headers.connection).not.toBe('close');
      t.app.get(LastAnswers, { strict: false }).begin();
      const after = await t.app.inject({ url });
      expect(after.headers.connection).toBe('close');
      expect(after.body).toBe(before.body);
    },
  );
});

describe('a quiet moment', () => {
  it('does not come while somebody asks now and then', async () => {
    const server = createServer(() => undefined);
    let isQuiet = false;
    const waiting = quietMoment(server).then(() => (isQuiet = true));
    for (let turn = 0; turn < 2_000; turn++) {
      if (turn % 50 === 0) server.emit('request', {}, {});
      await nextTurn();
    }
    expect(isQuiet).toBe(false);
    await waiting;
    expect(server.listenerCount('request')).toBe(1);
  });

  it('is not waited for where it never comes', async () => {
    const server = createServer(() => undefined);
    let timer: NodeJS.Immediate;
    const ask = (): void => {
      server.emit('request', {}, {});
      timer = setImmediate(ask);
    };
    timer = setImmediate(ask);
    await quietMoment(server);
    clearImmediate(timer);
    expect(server.listenerCount('request')).toBe(1);
  });
});
