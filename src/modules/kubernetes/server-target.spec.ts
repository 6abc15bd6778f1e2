import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Secret, type KubernetesServerConfig } from '../../plugin-api/index.js';
import { NetworkPolicy } from '../http-client/index.js';
import { FakeClock } from '../telemetry/testing/fake-clock.js';
import type { Environment } from './kube-config.js';
import { configuredTarget, ownTarget, type TargetTools } from './server-target.js';

const inPod: Environment = {
  KUBERNETES_SERVICE_HOST: '10.0.0.1',
  KUBERNETES_SERVICE_PORT: '443',
};

describe('the way to an API server', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'target-'));
  });
  afterEach(() => {
    rmSync(folder, { recursive: true });
  });

  const write = (name: string, text: string): string => {
    const path = join(folder, name);
    writeFileSync(path, text);
    return path;
  };
  const kubeConfig = (name: string, cluster = '{server: "https://a"}'): string =>
    write(
      name,
      `current-context: x\ncontexts: [{name: x, context: {cluster: y}}]\nclusters: [{name: y, cluster: ${cluster}}]\n`,
    );
  const tools = (file: string, env: Environment = {}): TargetTools => ({
    search: { file, env, serviceAccountFolder: folder },
    clock: new FakeClock(),
    proxies: { httpsProxy: 'http://proxy:3128' },
  });
  const config = (more: Partial<KubernetesServerConfig> = {}): KubernetesServerConfig => ({
    follow_redirects: true,
    enable_http2: true,
    ...more,
  });

  it('is not one into a denied network, and not the one of those who may go there', async () => {
    const network = new NetworkPolicy(['169.254.0.0/16']);
    const free: TargetTools = { ...tools(''), proxies: {} };
    const named = config({ api_server: 'https://169.254.169.254' });
    const target = configuredTarget(named, { ...free, network });
    expect(target.identity).not.toBe(configuredTarget(named, free).identity);
    const { tunnel } = await target.open();
    await expect(tunnel?.()).rejects.toMatchObject({ code: 'TA_HTTP_DENIED' });
    const plain = config({ api_server: 'http://server' });
    expect(() => configuredTarget(plain, { ...free, network })).toThrow('must be an https server');
  });

  it('without a name is the service account of the pod, with its namespace', () => {
    write('token', 't');
    write('namespace', 'mine');
    const target = configuredTarget(config(), tools(kubeConfig('own'), inPod));
    expect(target).toMatchObject({ identity: 'in-cluster', ownNamespace: 'mine' });
  });

  it("without a name and a pod is the allocator's own kubeconfig file, which has no namespace", () => {
    const target = configuredTarget(config({ kubeconfig_file: '' }), tools(kubeConfig('own')));
    expect(target.identity).toBe(ownTarget(tools(join(folder, 'own'))).identity);
    expect(target.ownNamespace).toBeUndefined();
  });

  it("is the allocator's own when a configuration names the same file", () => {
    const file = kubeConfig('own');
    const named = configuredTarget(config({ kubeconfig_file: file }), tools(file, inPod));
    expect(named.identity).toBe(ownTarget(tools(file)).identity);
    expect(
      configuredTarget(config({ kubeconfig_file: kubeConfig('other') }), tools(file)).identity,
    ).not.toBe(named.identity);
  });

  it.each([
    ['a missing file', undefined, /TA_KUBECONFIG_NOT_FOUND: kubeconfig .*: ENOENT.*; put the file/],
    ['no YAML', 'token: [hush', /^(?!.*hush)TA_KUBECONFIG_INVALID: .*; correct the file/],
    ['no mapping', '- a', /TA_KUBECONFIG_INVALID: .*it is no mapping/],
    ['no context', '{}', /TA_KUBECONFIG_INVALID: .*it has no current-context/],
    [
      'a context that is not there',
      'current-context: x',
      /TA_KUBECONFIG_INVALID: .*"x" leads to no server/,
    ],
  ])('cannot be %s', (_what, text, message) => {
    const file = text === undefined ? join(folder, 'absent') : write('bad', text);
    expect(() => configuredTarget(config({ kubeconfig_file: file }), tools(''))).toThrow(message);
  });

  it('cannot be a kubeconfig file with a proxy', () => {
    const file = kubeConfig('proxied', '{server: "https://a", proxy-url: "http://b"}');
    expect(() => configuredTarget(config({ kubeconfig_file: file }), tools(''))).toThrow(
      /TA_KUBECONFIG_INVALID: .*proxy-url/,
    );
  });

  it('cannot be nothing at all', () => {
    expect(() => configuredTarget(config(), tools(''))).toThrow(/TA_KUBECONFIG_NOT_FOUND/);
  });

  it('is the same for equal settings of a URL, and another one for another secret', () => {
    const identity = (password: string): string =>
      configuredTarget(
        config({
          api_server: 'https://a.example',
          basic_auth: { username: 'u', password: new Secret(password) },
        }),
        tools(''),
      ).identity;
    expect(identity('x')).toBe(identity('x'));
    expect(identity('x')).not.toBe(identity('y'));
    expect(identity('hush')).not.toContain('hush');
  });

  it('is named after a URL without its user', () => {
    const target = configuredTarget(
      config({ api_server: 'https://u:hush@a.example/k/' }),
      tools(''),
    );
    expect(target.name).toBe('https://a.example/k');
  });

  it.each<[string, Partial<KubernetesServerConfig>, RegExp]>([
    ['another scheme', { api_server: 'ftp://a' }, /TA_KUBE_SERVER_CONFIG: .*no http or https URL/],
    [
      'plain http behind a proxy',
      { api_server: 'http://a', proxy_url: 'http://u:hush@p:1' },
      /^(?!.*hush)TA_HTTP_CONFIG: http:\/\/a\/? cannot be reached through http:\/\/p:1/,
    ],
    [
      'a SOCKS proxy',
      { api_server: 'https://a', proxy_url: 'socks5://p:1' },
      /TA_HTTP_CONFIG: .*only https servers behind http or https proxies/,
    ],
    [
      'TLS versions that leave none',
      {
        api_server: 'https://a',
        tls_config: { insecure_skip_verify: false, min_version: 'TLS13', max_version: 'TLS12' },
      },
      /TA_HTTP_CONFIG/,
    ],
  ])('cannot be a URL with %s', (_what, more, message) => {
    expect(() => configuredTarget(config(more), tools(''))).toThrow(message);
  });
});
