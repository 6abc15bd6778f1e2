import {
  type ConfigOverrides,
  type ConfigSources,
  defaultConfigFile,
  type LogConfig,
} from '../modules/config/index.js';

/** The flags of a start: which configuration is meant, and what wins over it. */
export type StartRequest = Required<Omit<ConfigSources, 'env' | 'homeDirectory'>>;

type Values = ReadonlyMap<string, string>;

/** What the values of flags mean; what was not given is left to the environment and the file. */
export function startRequest(values: Values): StartRequest {
  return {
    configFile: values.get('config-file') ?? defaultConfigFile,
    overrides: overridesOf(values),
    log: logConfigOf(values),
    pluginDirectories: words(values.get('plugin-dir')) ?? [],
    isStrict: values.get('strict-config') === 'true',
  };
}

function overridesOf(values: Values): ConfigOverrides {
  return {
    listenAddr: values.get('listen-addr'),
    kubeConfigFilePath: values.get('kubeconfig-path'),
    prometheusCrEnabled: bool(values.get('enable-prometheus-cr-watcher')),
    httpsEnabled: bool(values.get('enable-https-server')),
    httpsListenAddr: values.get('listen-addr-https'),
    httpsCaFilePath: values.get('https-ca-file'),
    httpsTlsCertFilePath: values.get('https-tls-cert-file'),
    httpsTlsKeyFilePath: values.get('https-tls-key-file'),
    allowInsecureAuthSecrets: bool(values.get('allow-insecure-auth-secrets')),
    startupTimeoutMs: number(values.get('startup-timeout')),
    shutdownDelayMs: number(values.get('shutdown-delay')),
    stateDir: values.get('state-dir'),
    stateMaxAgeMs: number(values.get('state-max-age')),
    leaderElect: bool(values.get('leader-elect')),
    leaseName: values.get('lease-name'),
    profileDir: values.get('profile-dir'),
    plugins: words(values.get('plugin')),
  };
}

function bool(value: string | undefined): boolean | undefined {
  return value === undefined ? undefined : value === 'true';
}

function words(value: string | undefined): readonly string[] | undefined {
  return value
    ?.split(',')
    .map((word) => word.trim())
    .filter((word) => word !== '');
}

function number(value: string | undefined): number | undefined {
  return value === undefined ? undefined : Number(value);
}

function logConfigOf(values: Values): LogConfig {
  const isDevelopment = values.get('zap-devel') === 'true';
  return {
    level: pick(logLevels, values.get('zap-log-level')) ?? (isDevelopment ? 'debug' : 'info'),
    encoder: pick(encoders, values.get('zap-encoder')) ?? (isDevelopment ? 'console' : 'json'),
    timeEncoding: pick(timeEncodings, values.get('zap-time-encoding')) ?? 'rfc3339',
    stacktraceLevel:
      pick(logLevels, values.get('zap-stacktrace-level')) ?? (isDevelopment ? 'warn' : 'error'),
  };
}

const logLevels = ['debug', 'info', 'warn', 'error', 'panic'] as const;
const encoders = ['json', 'console'] as const;
const timeEncodings = ['epoch', 'millis', 'nano', 'iso8601', 'rfc3339', 'rfc3339nano'] as const;

function pick<Word extends string>(
  words: readonly Word[],
  value: string | undefined,
): Word | undefined {
  return words.find((word) => word === value);
}
