import { describe, expect, it } from 'vitest';

import { readCommandLine } from './command-line.js';

function run(...args: readonly string[]) {
  const commandLine = readCommandLine(args, '/home/x');
  if (commandLine.kind !== 'run')
    throw new Error(`${commandLine.kind}: ${JSON.stringify(commandLine)}`);
  return commandLine;
}

function refused(...args: readonly string[]): string {
  const commandLine = readCommandLine(args, '/home/x');
  if (commandLine.kind !== 'refused') throw new Error(commandLine.kind);
  return commandLine.text;
}

describe('readCommandLine', () => {
  it('sets nothing that was not given, so that the file and the environment hold', () => {
    const { configFile, overrides, log, isStrict } = run();
    expect(configFile).toBe('/conf/targetallocator.yaml');
    expect(Object.values(overrides).filter((value) => value !== undefined)).toEqual([]);
    expect(log).toEqual({
      level: 'info',
      encoder: 'json',
      timeEncoding: 'rfc3339',
      stacktraceLevel: 'error',
    });
    expect(isStrict).toBe(false);
  });

  it('takes values behind a space and behind an equals sign, the last of several', () => {
    expect(run('--config-file', 'a', '--config-file=b').configFile).toBe('b');
    expect(run('--listen-addr=127.0.0.1:1').overrides.listenAddr).toBe('127.0.0.1:1');
    expect(run('--config-file=').configFile).toBe('');
    expect(run('--config-file', '--help').configFile).toBe('--help');
    expect(run('--config-file=a=b').configFile).toBe('a=b');
  });

  it('maps every flag of the Go allocator', () => {
    const { overrides } = run(
      '--listen-addr=:1',
      '--kubeconfig-path=k',
      '--enable-prometheus-cr-watcher',
      '--enable-https-server',
      '--listen-addr-https=:2',
      '--https-ca-file=ca',
      '--https-tls-cert-file=cert',
      '--https-tls-key-file=key',
      '--allow-insecure-auth-secrets',
      '--startup-timeout=1m30s',
      '--shutdown-delay=0',
      '--leader-elect',
      '--lease-name=one',
      '--state-dir=/state',
      '--state-max-age=30m',
    );
    expect(overrides).toEqual({
      listenAddr: ':1',
      kubeConfigFilePath: 'k',
      prometheusCrEnabled: true,
      httpsEnabled: true,
      httpsListenAddr: ':2',
      httpsCaFilePath: 'ca',
      httpsTlsCertFilePath: 'cert',
      httpsTlsKeyFilePath: 'key',
      allowInsecureAuthSecrets: true,
      startupTimeoutMs: 90_000,
      shutdownDelayMs: 0,
      leaderElect: true,
      leaseName: 'one',
      stateDir: '/state',
      stateMaxAgeMs: 1_800_000,
    });
  });

  it.each([
    ['--enable-https-server', true],
    ['--enable-https-server=false', false],
    ['--enable-https-server=T', true],
    ['--enable-https-server=0', false],
  ])('reads %s as Go reads booleans', (flag, expected) => {
    expect(run(flag).overrides.httpsEnabled).toBe(expected);
  });

  it('does not take the next argument for the value of a boolean', () => {
    const { overrides, ignored } = run('--enable-https-server', 'false', '--listen-addr', ':1');
    expect(overrides).toMatchObject({ httpsEnabled: true, listenAddr: ':1' });
    expect(ignored).toEqual(['false']);
  });

  it('ends the flags at --', () => {
    expect(run('--', '--nonsense')).toMatchObject({ ignored: ['--nonsense'] });
  });

  it.each([
    [['--nonsense'], 'unknown flag: --nonsense'],
    [['--config-file'], 'flag needs a value: --config-file'],
    [['-config-file', 'x'], 'unknown shorthand flag'],
    [['---x'], 'bad flag syntax: ---x'],
    [['--=x'], 'bad flag syntax: --=x'],
    [['--__proto__=x'], 'unknown flag: --__proto__'],
    [['--enable-https-server=maybe'], 'invalid value "maybe" for --enable-https-server'],
    [['--zap-encoder=xml'], 'want one of json, console'],
    [['--zap-log-level=0'], 'or a number above 0'],
    [['--zap-log-level=-1'], 'or a number above 0'],
    [['--zap-time-encoding=constructor'], 'want one of epoch'],
    [['--startup-timeout=1d'], 'invalid value "1d" for --startup-timeout'],
    [['--shutdown-delay=-1s'], 'must not be negative'],
  ])('refuses %j and shows the usage', (args, message) => {
    const text = refused(...args);
    expect(text).toContain('Usage: target-allocator');
    expect(text).toContain(message);
  });

  it('reports all problems together', () => {
    expect(
      refused('--a', '--b', '--zap-encoder=xml').match(/unknown flag|invalid value/g),
    ).toHaveLength(3);
  });

  it('explains every flag with its default when asked', () => {
    for (const flag of ['--help', '-h']) {
      const help = readCommandLine([flag], '/home/x');
      const text = help.kind === 'help' ? help.text.replace(/\s+/g, ' ') : '';
      expect(text).toContain('(default: :8080) (file: listen_addr)');
      expect(text).toContain('(environment: ALLOW_INSECURE_AUTH_SECRETS, file:');
      expect(text).toContain('(default: /home/x/.kube/config)');
      const flags = text.match(/ --[a-z-]+(?= )/g)?.length;
      expect(flags).toBeGreaterThan(17);
      expect(text.match(/\(default: /g)).toHaveLength(flags ?? 0);
    }
    expect(readCommandLine(['--version'], '/').kind).toBe('version');
  });

  it.each([
    [['--zap-devel'], { level: 'debug', encoder: 'console', stacktraceLevel: 'warn' }],
    [
      ['--zap-devel', '--zap-encoder=json', '--zap-log-level=error'],
      { level: 'error', encoder: 'json' },
    ],
    [['--zap-log-level=5'], { level: 'debug' }],
    [['--zap-log-level=DEBUG'], { level: 'debug' }],
    [['--zap-time-encoding=nanos'], { timeEncoding: 'nano' }],
    [['--zap-stacktrace-level=panic'], { stacktraceLevel: 'panic' }],
  ])('configures logging with %j as zap does', (args, expected) => {
    expect(run(...args).log).toMatchObject(expected);
  });

  it('reads commands in the first place only, so that the arguments of the Go allocator mean what they meant', () => {
    expect(readCommandLine(['new-plugin', '@a/b', '--kind=filter', '--dir', 'd'], '/')).toEqual({
      kind: 'command',
      command: { name: 'new-plugin', plugin: { name: '@a/b', kind: 'filter', directory: 'd' } },
    });
    expect(readCommandLine(['plugin', 'check', '.', '--format=json'], '/')).toEqual({
      kind: 'command',
      command: { name: 'plugin check', directory: '.', format: 'json' },
    });
    expect(run('--listen-addr=:1', 'new-plugin').ignored).toEqual(['new-plugin']);
  });

  it.each([
    [['new-plugin'], ['the name of the plugin is missing', '--kind is missing']],
    [['new-plugin', 'a', '--kind=x'], ['want one of strategy, filter, discovery']],
    [['new-plugin', 'a', 'b', '--kind=filter'], ['unexpected argument: b']],
    [['plugin', 'check'], ['the folder of the plugin is missing']],
    [['plugin', 'check', 'a', '--format=xml'], ['want one of text, json']],
    [['check', 'a', 'b'], ['unexpected argument: b']],
    [['check', 'a', '--config-file=b'], ['the configuration file is given twice']],
    [['check', '--format=yaml'], ['want one of text, json']],
    [['rbac', 'a'], ['unexpected argument: a']],
    [['rbac', '--service-account=a'], ['want namespace/name']],
    [['rbac', '--service-account=a/B\n'], ['want namespace/name']],
    [['version', 'a'], ['unexpected argument: a']],
  ])('refuses the command %j and shows its usage', (args, messages) => {
    const text = refused(...args);
    expect(text).toContain('Usage: target-allocator');
    for (const message of messages) expect(text).toContain(message);
  });

  it('explains commands when asked', () => {
    for (const args of [
      ['new-plugin', '--help'],
      ['plugin', 'check', '-h'],
      ['check', '-h'],
      ['rbac', '-h'],
      ['version', '-h'],
    ]) {
      expect(readCommandLine(args, '/')).toMatchObject({ kind: 'help' });
    }
  });

  it('takes the arguments of a deployment for check and rbac, too', () => {
    expect(readCommandLine(['check', 'a.yaml', '--plugin=zones', '--strict-config'], '/')).toEqual({
      kind: 'command',
      command: {
        name: 'check',
        format: 'text',
        start: expect.objectContaining({
          configFile: 'a.yaml',
          isStrict: true,
          overrides: expect.objectContaining({ plugins: ['zones'] }) as unknown,
        }) as unknown,
      },
    });
    const args = ['--config-file=a.yaml', '--namespace-scoped', '--service-account=obs/ta'];
    expect(readCommandLine(['rbac', ...args, '--format=json'], '/')).toMatchObject({
      command: {
        name: 'rbac',
        start: { configFile: 'a.yaml' },
        isNamespaceScoped: true,
        serviceAccount: { namespace: 'obs', name: 'ta' },
        format: 'json',
      },
    });
    expect(readCommandLine(['rbac'], '/')).toMatchObject({
      command: { isNamespaceScoped: false, serviceAccount: undefined, format: 'yaml' },
    });
  });

  it.each([
    [['chekc', 'a.yaml'], 'unknown command: chekc; did you mean check?'],
    [['rback'], 'unknown command: rback; did you mean rbac?'],
    [['plugin', 'chek'], 'did you mean plugin check?'],
    [['plugin'], 'The commands are check, rbac, version, new-plugin, plugin check'],
    [['serve-all-of-it'], 'unknown command: serve-all-of-it\n'],
    [['--listen-adr=:1'], 'unknown flag: --listen-adr; did you mean --listen-addr?'],
  ])('refuses %j, and says what may have been meant', (args, message) => {
    expect(refused(...args)).toContain(message);
  });
});
