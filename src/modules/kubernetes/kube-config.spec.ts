import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { ApiServer } from './api-server.js';
import { findKubeConfig, openKubeConfig, requireKubeConfig } from './kube-config.js';

const inCluster = { KUBERNETES_SERVICE_HOST: '10.0.0.1', KUBERNETES_SERVICE_PORT: '443' };

interface Parts {
  readonly cluster?: object;
  readonly user?: object;
  readonly more?: object;
}

describe('kubeconfig', () => {
  let folder: string;
  // Loading the client library takes seconds on a busy machine.
  beforeAll(async () => {
    await import('./kube-config-login.js');
  }, 60_000);
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'kubeconfig-'));
  });
  afterEach(async () => {
    await rm(folder, { recursive: true });
  });

  async function write(name: string, text: string): Promise<string> {
    await writeFile(join(folder, name), text);
    return join(folder, name);
  }
  async function kubeConfig({ cluster = {}, user = {}, more = {} }: Parts): Promise<string> {
    return write(
      'config',
      JSON.stringify({
        'current-context': 'x',
        contexts: [{ name: 'x', context: { cluster: 'c', user: 'u' } }],
        clusters: [{ name: 'c', cluster: { server: 'https://api.test:6443', ...cluster } }],
        users: [{ name: 'u', user }],
        ...more,
      }),
    );
  }
  async function open(parts: Parts): Promise<ApiServer> {
    return openKubeConfig({ kind: 'file', path: await kubeConfig(parts) });
  }
  async function serviceAccount(): Promise<string> {
    const account = join(folder, 'account');
    await mkdir(account);
    await writeFile(join(account, 'token'), 'pod-token\n');
    await writeFile(join(account, 'ca.crt'), 'pod-ca');
    return account;
  }

  describe('where it is looked for', () => {
    it('is the named file when it exists', async () => {
      const file = await kubeConfig({});
      const serviceAccountFolder = await serviceAccount();
      expect(findKubeConfig({ file, env: inCluster, serviceAccountFolder })).toEqual({
        kind: 'file',
        path: file,
      });
    });

    it('is the pod’s service account when the file does not exist', async () => {
      const serviceAccountFolder = await serviceAccount();
      const file = join(folder, 'absent');
      const place = requireKubeConfig({ file, env: inCluster, serviceAccountFolder });
      const server = await openKubeConfig(place);
      expect(server.url).toBe('https://10.0.0.1:443');
      expect(await server.credentials.headers(false)).toEqual({
        authorization: 'Bearer pod-token',
      });
      expect(await server.credentials.tls()).toEqual({ ca: 'pod-ca', insecureSkipVerify: false });
    });

    it('puts an IPv6 address in brackets', async () => {
      const env = { ...inCluster, KUBERNETES_SERVICE_HOST: 'fd00::1' };
      const place = findKubeConfig({ file: '', env, serviceAccountFolder: await serviceAccount() });
      expect(place).toMatchObject({ url: 'https://[fd00::1]:443' });
    });

    it('says where it was looked for when there is nothing', () => {
      const file = join(folder, 'absent');
      expect(() => requireKubeConfig({ file, env: {} })).toThrow(
        `TA_KUBECONFIG_NOT_FOUND: no way to a Kubernetes API server: ${file} does not exist`,
      );
    });
  });

  describe('a file', () => {
    it('gives server, authority and token', async () => {
      const { url, credentials } = await open({
        cluster: {
          'certificate-authority-data': Buffer.from('authority').toString('base64'),
          'tls-server-name': 'kubernetes',
        },
        user: { token: 'secret' },
      });
      expect(url).toBe('https://api.test:6443');
      expect(await credentials.headers(false)).toEqual({ authorization: 'Bearer secret' });
      expect(await credentials.tls()).toEqual({
        ca: 'authority',
        serverName: 'kubernetes',
        insecureSkipVerify: false,
      });
    });

    it('resolves paths from its own folder', async () => {
      await write('ca.pem', 'authority');
      await write('client.pem', 'certificate');
      await write('client.key', 'key');
      await write('token', 'from-file');
      const { credentials } = await open({
        cluster: { 'certificate-authority': 'ca.pem' },
        user: {
          'client-certificate': 'client.pem',
          'client-key': 'client.key',
          tokenFile: 'token',
        },
      });
      expect(await credentials.tls()).toMatchObject({
        ca: 'authority',
        cert: 'certificate',
        key: 'key',
      });
      expect(await credentials.headers(false)).toEqual({ authorization: 'Bearer from-file' });
    });

    it('reads a token again from where it is renewed', async () => {
      const file = await write('token', 'first');
      const { credentials } = await open({ user: { token: 'outdated', tokenFile: file } });
      expect(await credentials.headers(false)).toEqual({ authorization: 'Bearer first' });
      await write('token', 'second');
      expect(await credentials.headers(false)).toEqual({ authorization: 'Bearer second' });
    });

    it('lets data win over paths, and drops the slash at the end of a server', async () => {
      const data = Buffer.from('authority').toString('base64');
      const { url, credentials } = await open({
        cluster: {
          server: 'https://api.test:6443/',
          'certificate-authority': 'absent.pem',
          'certificate-authority-data': data,
          'insecure-skip-tls-verify': true,
        },
      });
      expect(url).toBe('https://api.test:6443');
      expect(await credentials.tls()).toEqual({ ca: 'authority', insecureSkipVerify: true });
    });

    it('knows users with a password and users that act as others', async () => {
      const { credentials } = await open({ user: { username: 'u', password: 'p', as: 'other' } });
      expect(await credentials.headers(false)).toEqual({
        authorization: `Basic ${Buffer.from('u:p').toString('base64')}`,
        'impersonate-user': 'other',
      });
    });

    it('asks a login program, and asks it anew when the server refuses its token', async () => {
      await write('count', '');
      const program = await write(
        'login.mjs',
        `import { appendFileSync, readFileSync } from 'node:fs';
         const file = ${JSON.stringify(join(folder, 'count'))};
         appendFileSync(file, 'x');
         const token = 'token-' + readFileSync(file, 'utf8').length;
         const expirationTimestamp = '2100-01-01T00:00:00Z';
         console.log(JSON.stringify({ status: { token, expirationTimestamp } }));`,
      );
      const exec = {
        apiVersion: 'client.authentication.k8s.io/v1',
        command: process.execPath,
        args: [program],
      };
      const { credentials } = await open({ user: { exec } });
      expect(await credentials.headers(false)).toEqual({ authorization: 'Bearer token-1' });
      await credentials.tls();
      expect(await credentials.headers(false)).toEqual({ authorization: 'Bearer token-1' });
      expect(await credentials.headers(true)).toEqual({ authorization: 'Bearer token-2' });
    });

    it('is read again when it changes; a half-written one does not count', async () => {
      const { credentials } = await open({ user: { token: 'first' } });
      await write('config', '{"clusters": [');
      expect(await credentials.headers(false)).toEqual({ authorization: 'Bearer first' });
      await kubeConfig({ user: { token: 'second' } });
      expect(await credentials.headers(false)).toEqual({ authorization: 'Bearer second' });
    });

    it.each([
      ['no YAML', '{"clusters": [', 'TA_KUBECONFIG_INVALID'],
      ['empty', '', 'TA_KUBECONFIG_INVALID'],
      ['without a current context', '{"clusters": []}', 'it has no current-context'],
    ])('that is %s is refused with its path', async (_, text, told) => {
      const path = await write('config', text);
      const opening = openKubeConfig({ kind: 'file', path });
      await expect(opening).rejects.toThrow(told);
      await expect(opening).rejects.toThrow(path);
    });

    it('that wants a proxy is refused rather than connected past it', async () => {
      await expect(open({ cluster: { 'proxy-url': 'http://proxy:3128' } })).rejects.toThrow(
        'proxy-url is not supported',
      );
    });
  });
});
