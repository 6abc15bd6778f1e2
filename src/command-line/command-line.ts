import {
  defaultConfigFile,
  type ConfigOverrides,
  type LogConfig,
} from '../modules/config/index.js';
import { parseFlags } from './flag-set.js';
import { flagDefinitions } from './flags.js';
import { usage } from './usage.js';

/** What the arguments ask for. */
export type CommandLine =
  | { readonly kind: 'help'; readonly text: string }
  | { readonly kind: 'version' }
  | { readonly kind: 'refused'; readonly text: string }
  | {
      readonly kind: 'run';
      readonly configFile: string;
      readonly overrides: ConfigOverrides;
      readonly log: LogConfig;
      readonly isStrict: boolean;
      /** Arguments that are no flags: without meaning, as in the Go allocator. */
      readonly ignored: readonly string[];
    };

/** Reads the arguments, without the program's name. */
export function readCommandLine(args: readonly string[], homeDirectory: string): CommandLine {
  const definitions = flagDefinitions(homeDirectory);
  const { values, positional, problems } = parseFlags(definitions, args);
  if (values.get('help') === 'true') return { kind: 'help', text: usage(definitions) };
  if (problems.length > 0) {
    return { kind: 'refused', text: `${usage(definitions)}\n${problems.join('\n')}\n` };
  }
  if (values.get('version') === 'true') return { kind: 'version' };
  return {
    kind: 'run',
    configFile: values.get('config-file') ?? defaultConfigFile,
    overrides: overridesOf(values),
    log: logConfigOf(values),
    isStrict: values.get('strict-config') === 'true',
    ignored: positional,
  };
}

type Values = ReadonlyMap<string, string>;

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
    profileDir: values.get('profile-dir'),
  };
}

function bool(value: string | undefined): boolean | undefined {
  return value === undefined ? undefined : value === 'true';
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
