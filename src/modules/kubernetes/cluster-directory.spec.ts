import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { RecordingLogger, RecordingMeter } from '../../../test/fixtures/plugin-context.js';
import {
  endMark,
  event,
  object,
  ScriptedApiServer,
  things,
} from '../../../test/fixtures/scripted-api-server.js';
import {
  Secret,
  type Informer,
  type InformerRequest,
  type KubernetesServerConfig,
} from '../../plugin-api/index.js';
import { FakeClock } from '../telemetry/testing/fake-clock.js';
import { ClusterDirectory } from './cluster-directory.js';
import { configuredTarget } from './server-target.js';

describe('ClusterDirectory', () => {
  let server: ScriptedApiServer;
  let clock: FakeClock;
  let directory: ClusterDirectory;
  let folder: string;

  beforeEach(async () => {
    server = await ScriptedApiServer.start();
    clock = new FakeClock();
    directory = new ClusterDirectory({ clock, logger: new RecordingLogger() });
    folder = mkdtempSync(join(tmpdir(), 'clusters-'));
  });
  afterEach(async () => {
    directory.close();
    await server.close();
    rmSync(folder, { recursive: true });
  });

  const open = (
    settings: Partial<KubernetesServerConfig> = {},
    request: Partial<InformerRequest<string>> = {},
  ): Informer<string> => {
    const config = {
      api_server: server.url,
      follow_redirects: true,
      enable_http2: true,
      ...settings,
    };
    const search = { file: '', env: {} };
    return directory.informer(configuredTarget(config, { search, clock, proxies: {} }), {
      ...things,
      ...request,
    });
  };

  it('has one connection and one watch for all who name a server in the same way', async () => {
    const users = Array.from({ length: 1_000 }, () => open());
    const stream = await server.next();
    stream.stream(event('ADDED', object('a', 1)), endMark(2));
    for (const user of users) await user.synced(AbortSignal.timeout(5_000));
    expect([...(users.at(-1)?.list() ?? [])]).toEqual(['a']);
    expect(server.untaken).toBe(0);
    expect(directory.list()).toHaveLength(1);
    for (const user of users.slice(1)) user.close();
    expect(directory.list()).toHaveLength(1);
    users[0]?.close();
    expect(directory.list()).toEqual([]);
  });

  it('connects anew when a server is asked for after its last informer was closed', async () => {
    open().close();
    const again = open();
    const stream = await server.next();
    stream.stream(endMark(1));
    await again.synced(AbortSignal.timeout(5_000));
    expect(directory.list()).toHaveLength(1);
  });

  it('tells two ways to one server apart, in its metrics, too', () => {
    open();
    open({ basic_auth: { username: 'u', password: new Secret('p') } });
    const names = directory.list().map(({ name }) => name);
    expect(names).toEqual([server.url, `${server.url} (2)`]);
  });

  it.each<[string, (folder: string) => Partial<KubernetesServerConfig>, string, string]>([
    [
      'basic_auth',
      () => ({ basic_auth: { username: 'u', password: new Secret('p') } }),
      'authorization',
      `Basic ${Buffer.from('u:p').toString('base64')}`,
    ],
    [
      'authorization',
      () => ({ authorization: { type: 'Custom', credentials: new Secret('c') } }),
      'authorization',
      'Custom c',
    ],
    [
      'a token file',
      (path) => {
        writeFileSync(join(path, 'token'), 'from-file\n');
        return { authorization: { credentials_file: join(path, 'token') } };
      },
      'authorization',
      'Bearer from-file',
    ],
    [
      'http_headers',
      () => ({ http_headers: { 'X-One': { values: ['1', '2'] } } }),
      'x-one',
      '1, 2',
    ],
  ])('sends what %s says with each request', async (_what, settings, header, value) => {
    open(settings(folder));
    const request = await server.next();
    expect(request.headers[header]).toBe(value);
  });

  it('fetches the tokens of oauth2, and keeps them', async () => {
    const oauth2 = {
      client_id: 'me',
      client_secret: new Secret('s'),
      token_url: `${server.url}/token`,
    };
    open({ oauth2 });
    open({ oauth2 }, { plural: 'others' });
    const asked = await server.next();
    expect(asked.path).toBe('/token');
    asked.answer(
      200,
      { access_token: 'abc', token_type: 'Bearer' },
      { 'content-type': 'application/json' },
    );
    const requests = [await server.next(), await server.next()];
    expect(requests.map(({ path }) => path).sort()).toEqual(['/api/v1/others', '/api/v1/things']);
    expect(requests.map(({ headers }) => headers.authorization)).toEqual([
      'Bearer abc',
      'Bearer abc',
    ]);
  });

  it('counts failed requests for whoever wants to know, each one once', async () => {
    const meter = new RecordingMeter();
    const failures = meter.counter({ name: 'failures' });
    open({}, { failures });
    open({}, { failures });
    (await server.next()).answer(403, { kind: 'Status', code: 403 });
    await expect
      .poll(async () => {
        await clock.advance(0);
        return meter.series('failures');
      })
      .toEqual({ '{}': 1 });
  });
});
