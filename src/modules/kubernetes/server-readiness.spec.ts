import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { RecordingLogger } from '../../../test/fixtures/plugin-context.js';
import {
  endMark,
  object,
  event,
  ScriptedApiServer,
  status,
} from '../../../test/fixtures/scripted-api-server.js';
import { FakeClock } from '../telemetry/testing/fake-clock.js';
import { FileCredentials } from './api-credentials.js';
import { ClusterAccess } from './cluster-access.js';
import { serverReadiness } from './server-readiness.js';

describe('what an API server says to readiness', () => {
  let server: ScriptedApiServer;
  let clock: FakeClock;
  let access: ClusterAccess;

  beforeEach(async () => {
    server = await ScriptedApiServer.start();
    clock = new FakeClock();
    access = new ClusterAccess({
      name: 'own',
      open: () => Promise.resolve({ url: server.url, credentials: new FileCredentials({}) }),
      clock,
      logger: new RecordingLogger(),
      random: () => 0.5,
      isProbed: false,
    });
  });
  afterEach(async () => {
    access.close();
    await server.close();
  });

  const open = (plural: string) =>
    access.informer({ group: '', version: 'v1', plural, slim: (raw) => raw, shape: 'raw' });
  const states = () =>
    [...serverReadiness(access)].map(({ name, required = false, status: read }) => {
      const { answered, isStale = false } = read();
      const state = answered ? (isStale ? 'stale' : 'ok') : 'awaited';
      return `${name}: ${state}${required ? ', required' : ''}`;
    });
  async function failure(code: string): Promise<void> {
    await vi.waitFor(() => {
      expect(access.statuses()[0]?.failure).toContain(code);
    });
    await clock.advance(0);
  }

  it('is nothing as long as nobody watches it', () => {
    expect(states()).toEqual([]);
  });

  it('is awaited, and required, until something is known of it, and stale when it is lost', async () => {
    open('pods');
    open('nodes');
    const streams = [await server.next(), await server.next()];
    expect(states()).toEqual([
      'kubernetes/own: awaited, required',
      'kubernetes/own/pods in all namespaces: awaited',
      'kubernetes/own/nodes in all namespaces: awaited',
    ]);
    const pods = streams.find(({ path }) => path.endsWith('/pods'));
    const nodes = streams.find(({ path }) => path.endsWith('/nodes'));
    pods?.stream(event('ADDED', object('a', 1)), endMark(5));
    await vi.waitFor(() => {
      expect(states()).toEqual([
        'kubernetes/own: ok, required',
        'kubernetes/own/pods in all namespaces: ok',
        'kubernetes/own/nodes in all namespaces: awaited',
      ]);
    });
    await clock.advance(7_000);
    const [, details] = [...serverReadiness(access)];
    expect(details?.status().detail).toBe('1 objects, heard 7 s ago, 0 relists, 0 reconnects');
    pods?.cut();
    nodes?.cut();
    await vi.waitFor(() => {
      expect(states()).toEqual([
        'kubernetes/own: stale, required',
        'kubernetes/own/pods in all namespaces: stale',
        'kubernetes/own/nodes in all namespaces: awaited',
      ]);
    });
  });

  it('is not required when it is named by its URL', () => {
    open('pods');
    const foreign = {
      name: 'foreign',
      isRequired: false,
      statuses: () => access.statuses(),
    };
    expect([...serverReadiness(foreign)].map(({ required }) => required)).toEqual([
      false,
      undefined,
    ]);
  });

  it('is known when it refuses, but not when it does not know who asks', async () => {
    open('pods');
    (await server.next()).answer(401, status(401, 'Unauthorized'));
    await failure('401');
    expect(states()[0]).toBe('kubernetes/own: awaited, required');
    for (let i = 0; i < 5; i += 1) {
      await clock.advance(clock.nextTimerInMs ?? 0);
      (await server.next()).answer(403, status(403, 'Forbidden'));
      await failure('403');
    }
    expect(states()).toEqual([
      'kubernetes/own: ok, required',
      'kubernetes/own/pods in all namespaces: stale',
    ]);
    const [, details] = [...serverReadiness(access)];
    expect(details?.status().detail).toContain('needed: verbs list and watch on pods');
  });
});
