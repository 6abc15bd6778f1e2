import { parseGoDuration } from '../core/duration/go-duration.js';
import {
  defaultConfigFile,
  defaultHttpsListenAddr,
  defaultKubeConfigFilePath,
  defaultListenAddr,
} from '../modules/config/index.js';
import type { FlagDefinition, FlagValue } from './flag-set.js';

function oneOf(words: readonly string[], aliases: Readonly<Record<string, string>> = {}) {
  return (value: string): FlagValue => {
    const word = value.toLowerCase();
    if (words.includes(word)) return { value: word };
    const meant = Object.hasOwn(aliases, word) ? aliases[word] : undefined;
    if (meant !== undefined) return { value: meant };
    return { problem: `want one of ${words.join(', ')}` };
  };
}

const logLevels = oneOf(['debug', 'info', 'warn', 'error', 'panic']);

/** zap's custom levels, numbers above 0, are more verbose than `debug`; we have nothing below that. */
function readLogLevel(value: string): FlagValue {
  if (/^\+?\d+$/.test(value) && Number(value) > 0) return { value: 'debug' };
  const level = logLevels(value);
  return 'problem' in level ? { problem: `${level.problem}, or a number above 0` } : level;
}

function readDuration(value: string): FlagValue {
  const duration = parseGoDuration(value);
  if (!duration.ok) return { problem: [duration.message, duration.hint].join(', ') };
  return duration.value < 0
    ? { problem: 'must not be negative' }
    : { value: String(duration.value) };
}

/** Every flag: those of the Go allocator under their names, then ours. */
export function flagDefinitions(homeDirectory: string): readonly FlagDefinition[] {
  return [...allocatorFlags(homeDirectory), ...httpsFlags, ...loggingFlags, ...ownFlags];
}

function allocatorFlags(homeDirectory: string): readonly FlagDefinition[] {
  return [
    {
      name: 'config-file',
      type: 'string',
      default: defaultConfigFile,
      help: 'The configuration file (YAML).',
    },
    {
      name: 'listen-addr',
      type: 'string',
      default: defaultListenAddr,
      help: 'Where to serve HTTP: host:port, or :port for every interface.',
    },
    {
      name: 'kubeconfig-path',
      type: 'string',
      default: defaultKubeConfigFilePath(homeDirectory),
      help: 'The kubeconfig file. Where it does not exist, the in-cluster credentials are used.',
    },
    {
      name: 'enable-prometheus-cr-watcher',
      type: 'bool',
      default: 'false',
      help: 'Take scrape configs from the custom resources of the Prometheus operator, too.',
    },
    {
      name: 'allow-insecure-auth-secrets',
      type: 'bool',
      default: 'false',
      help: 'Serve secret values over plain HTTP. Only where the transport is secured by other means, such as a service mesh.',
    },
  ];
}

const httpsFlags: readonly FlagDefinition[] = [
  {
    name: 'enable-https-server',
    type: 'bool',
    default: 'false',
    help: 'Serve HTTPS with client certificates, beside HTTP.',
  },
  {
    name: 'listen-addr-https',
    type: 'string',
    default: defaultHttpsListenAddr,
    help: 'Where to serve HTTPS.',
  },
  {
    name: 'https-ca-file',
    type: 'string',
    default: '',
    help: 'The CA that client certificates are checked with (PEM).',
  },
  {
    name: 'https-tls-cert-file',
    type: 'string',
    default: '',
    help: 'The certificate of the HTTPS server (PEM).',
  },
  {
    name: 'https-tls-key-file',
    type: 'string',
    default: '',
    help: 'The key of the HTTPS server (PEM).',
  },
];

const loggingFlags: readonly FlagDefinition[] = [
  {
    name: 'zap-devel',
    type: 'bool',
    default: 'false',
    help: 'Logging for development: encoder console, level debug, stack traces from warn on. Otherwise: json, info, error.',
  },
  {
    name: 'zap-encoder',
    type: 'choice',
    default: 'json',
    help: 'How log lines are written: json or console.',
    read: oneOf(['json', 'console']),
  },
  {
    name: 'zap-log-level',
    type: 'choice',
    default: 'info',
    help: 'The lowest level that is logged: debug, info, warn, error, panic; a number above 0 means debug.',
    read: readLogLevel,
  },
  {
    name: 'zap-stacktrace-level',
    type: 'choice',
    default: 'error',
    help: 'The lowest level whose lines carry the stack trace of their error: info, warn, error, panic.',
    read: oneOf(['info', 'warn', 'error', 'panic']),
  },
  {
    name: 'zap-time-encoding',
    type: 'choice',
    default: 'rfc3339',
    help: 'How times are written: epoch, millis, nano, iso8601, rfc3339 or rfc3339nano.',
    // The Go allocator's help says `nano`, its code takes `nanos` only.
    read: oneOf(['epoch', 'millis', 'nano', 'iso8601', 'rfc3339', 'rfc3339nano'], {
      nanos: 'nano',
    }),
  },
];

const ownFlags: readonly FlagDefinition[] = [
  {
    name: 'strict-config',
    type: 'bool',
    default: 'false',
    help: 'Refuse a configuration with unknown keys, instead of warning of them.',
  },
  {
    name: 'startup-timeout',
    type: 'duration',
    default: '1m',
    help: 'How long sources that have not answered yet keep the rest from being served.',
    read: readDuration,
  },
  {
    name: 'shutdown-delay',
    type: 'duration',
    default: '5s in Kubernetes, otherwise 0s',
    help: 'How long requests are still answered after SIGTERM, with readiness off.',
    read: readDuration,
  },
  {
    name: 'profile-dir',
    type: 'string',
    default: 'none',
    help: 'Where SIGUSR2 writes a CPU profile of 10 s and a heap snapshot. Without it there are no profiles.',
  },
  { name: 'version', type: 'bool', default: 'false', help: 'Print the version and exit.' },
  { name: 'help', type: 'bool', default: 'false', help: 'Print this help and exit; also -h.' },
];
