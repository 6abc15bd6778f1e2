import { parseGoDuration } from '../core/duration/go-duration.js';
import {
  defaultConfigFile,
  defaultHttpsListenAddr,
  defaultKubeConfigFilePath,
  defaultLeaseName,
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
      group: 'Configuration',
      type: 'string',
      default: defaultConfigFile,
      help: 'The configuration file (YAML).',
    },
    {
      name: 'listen-addr',
      group: 'Serving',
      key: 'listen_addr',
      type: 'string',
      default: defaultListenAddr,
      help: 'Where to serve HTTP: host:port, or :port for every interface.',
    },
    {
      name: 'kubeconfig-path',
      group: 'Kubernetes',
      key: 'kube_config_file_path',
      type: 'string',
      default: defaultKubeConfigFilePath(homeDirectory),
      help: 'The kubeconfig file. Where it does not exist, the in-cluster credentials are used.',
    },
    {
      name: 'enable-prometheus-cr-watcher',
      group: 'Kubernetes',
      key: 'prometheus_cr.enabled',
      type: 'bool',
      default: 'false',
      help: 'Take scrape configs from the custom resources of the Prometheus operator, too.',
    },
    {
      name: 'allow-insecure-auth-secrets',
      group: 'Serving',
      key: 'allow_insecure_auth_secrets',
      env: 'ALLOW_INSECURE_AUTH_SECRETS',
      type: 'bool',
      default: 'false',
      help: 'Serve secret values over plain HTTP. Only where the transport is secured by other means, such as a service mesh.',
    },
  ];
}

const httpsFlags: readonly FlagDefinition[] = [
  {
    name: 'enable-https-server',
    group: 'HTTPS',
    key: 'https.enabled',
    type: 'bool',
    default: 'false',
    help: 'Serve HTTPS with client certificates, beside HTTP.',
  },
  {
    name: 'listen-addr-https',
    group: 'HTTPS',
    key: 'https.listen_addr',
    type: 'string',
    default: defaultHttpsListenAddr,
    help: 'Where to serve HTTPS.',
  },
  {
    name: 'https-ca-file',
    group: 'HTTPS',
    key: 'https.ca_file_path',
    type: 'string',
    default: '',
    help: 'The CA that client certificates are checked with (PEM).',
  },
  {
    name: 'https-tls-cert-file',
    group: 'HTTPS',
    key: 'https.tls_cert_file_path',
    type: 'string',
    default: '',
    help: 'The certificate of the HTTPS server (PEM).',
  },
  {
    name: 'https-tls-key-file',
    group: 'HTTPS',
    key: 'https.tls_key_file_path',
    type: 'string',
    default: '',
    help: 'The key of the HTTPS server (PEM).',
  },
];

const loggingFlags: readonly FlagDefinition[] = [
  {
    name: 'zap-devel',
    group: 'Logging',
    type: 'bool',
    default: 'false',
    help: 'Logging for development: encoder console, level debug, stack traces from warn on. Otherwise: json, info, error.',
  },
  {
    name: 'zap-encoder',
    group: 'Logging',
    type: 'choice',
    default: 'json',
    help: 'How log lines are written: json or console.',
    read: oneOf(['json', 'console']),
  },
  {
    name: 'zap-log-level',
    group: 'Logging',
    type: 'choice',
    default: 'info',
    help: 'The lowest level that is logged: debug, info, warn, error, panic; a number above 0 means debug.',
    read: readLogLevel,
  },
  {
    name: 'zap-stacktrace-level',
    group: 'Logging',
    type: 'choice',
    default: 'error',
    help: 'The lowest level whose lines carry the stack trace of their error: info, warn, error, panic.',
    read: oneOf(['info', 'warn', 'error', 'panic']),
  },
  {
    name: 'zap-time-encoding',
    group: 'Logging',
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
    group: 'Configuration',
    type: 'bool',
    default: 'false',
    help: 'Refuse a configuration with unknown keys, instead of warning of them.',
  },
  {
    name: 'startup-timeout',
    group: 'Serving',
    type: 'duration',
    default: '1m',
    help: 'How long sources that have not answered yet keep the rest from being served.',
    read: readDuration,
  },
  {
    name: 'shutdown-delay',
    group: 'Serving',
    type: 'duration',
    default: '5s in Kubernetes, otherwise 0s',
    help: 'How long requests are still answered after SIGTERM, with readiness off.',
    read: readDuration,
  },
  {
    name: 'state-dir',
    group: 'Serving',
    type: 'string',
    default: 'none',
    help: 'Where what is served is kept for the next start, which answers from it until it knows better. Without it nothing is written.',
  },
  {
    name: 'state-max-age',
    group: 'Serving',
    type: 'duration',
    default: '1h',
    help: 'How old kept answers may be to be served.',
    read: readDuration,
  },
  {
    name: 'leader-elect',
    group: 'Kubernetes',
    type: 'bool',
    default: 'false',
    help: 'With a strategy that depends on the past (least-weighted): have one of several replicas decide, elected by a Lease.',
  },
  {
    name: 'lease-name',
    group: 'Kubernetes',
    type: 'string',
    default: defaultLeaseName,
    help: "The Lease by which replicas elect a leader, in the pod's namespace.",
  },
  {
    name: 'profile-dir',
    group: 'Diagnosis',
    type: 'string',
    default: 'none',
    help: 'Where SIGUSR2 writes a CPU profile of 10 s and a heap snapshot. Without it there are no profiles.',
  },
  {
    name: 'plugin',
    group: 'Plugins',
    key: 'plugins[].package',
    type: 'string',
    default: 'none',
    help: 'Plugin packages to load besides those of the configuration file: names or paths, separated by commas.',
  },
  {
    name: 'plugin-dir',
    group: 'Plugins',
    type: 'string',
    default: 'none',
    help: 'Folders that plugin packages are looked for in, separated by commas.',
  },
  {
    name: 'version',
    group: 'Diagnosis',
    type: 'bool',
    default: 'false',
    help: 'Print the version and exit.',
  },
  {
    name: 'help',
    group: 'Diagnosis',
    type: 'bool',
    default: 'false',
    help: 'Print this help and exit; also -h.',
  },
];
