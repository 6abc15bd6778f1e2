import {
  parsePrometheusDuration,
  type StandardIssue,
  type StandardSchema,
} from 'target-allocator/plugin-api';

/** What users write in an entry of `etcd_sd_configs`. */
export interface EtcdSdConfig {
  /** URLs of the members of one etcd; whichever answers is asked. */
  readonly endpoints: readonly string[];
  /** Every key that starts with it has target groups. */
  readonly prefix: string;
  readonly username?: string;
  /** Read before each use, so that a password may change. */
  readonly password_file?: string;
  readonly tls_config: EtcdTlsConfig;
  /** After so long at most everything is read anew, in milliseconds. */
  readonly refreshIntervalMs: number;
}

/** Files are read before each connection. */
export interface EtcdTlsConfig {
  readonly ca_file?: string;
  readonly cert_file?: string;
  readonly key_file?: string;
}

const keys = ['endpoints', 'prefix', 'username', 'password_file', 'tls_config', 'refresh_interval'];
const tlsKeys = ['ca_file', 'cert_file', 'key_file'] as const;

type Written = Readonly<Record<string, unknown>>;

/** Checks an entry and fills in defaults. */
export const configSchema: StandardSchema<EtcdSdConfig> = {
  '~standard': {
    version: 1,
    vendor: 'ta-plugin-etcd',
    validate: (value) => {
      if (!isRecord(value)) return { issues: [{ message: 'must be a mapping' }] };
      const issues: StandardIssue[] = [];
      const config = {
        endpoints: endpointsIn(value, issues),
        prefix: prefixIn(value, issues),
        ...credentialsIn(value, issues),
        tls_config: tlsIn(value['tls_config'] ?? {}, issues),
        refreshIntervalMs: intervalIn(value, issues),
      };
      refuseOthers(value, [], keys, issues);
      return issues.length > 0 ? { issues } : { value: config };
    },
  },
};

function endpointsIn(value: Written, issues: StandardIssue[]): readonly string[] {
  const written: readonly unknown[] = Array.isArray(value['endpoints']) ? value['endpoints'] : [];
  if (written.length === 0) {
    issues.push({ message: 'must be a list of URLs', path: ['endpoints'] });
  }
  return written.map((endpoint, index) => {
    if (typeof endpoint === 'string' && isOrigin(endpoint)) return endpoint;
    const message = 'must be a URL such as https://etcd:2379, without a path or a password';
    issues.push({ message, path: ['endpoints', index] });
    return '';
  });
}

function isOrigin(text: string): boolean {
  if (!URL.canParse(text)) return false;
  const { protocol, pathname, username, password, search } = new URL(text);
  const isHttp = protocol === 'http:' || protocol === 'https:';
  return isHttp && pathname === '/' && `${username}${password}${search}` === '';
}

function prefixIn(value: Written, issues: StandardIssue[]): string {
  const prefix = value['prefix'];
  if (typeof prefix === 'string' && prefix !== '') return prefix;
  issues.push({ message: 'must be a text that is not empty', path: ['prefix'] });
  return '';
}

function credentialsIn(value: Written, issues: StandardIssue[]) {
  const username = textIn(value, ['username'], issues);
  const passwordFile = textIn(value, ['password_file'], issues);
  if ((username === undefined) === (passwordFile === undefined)) {
    return {
      ...(username !== undefined && { username }),
      ...(passwordFile !== undefined && { password_file: passwordFile }),
    };
  }
  issues.push({ message: 'goes together with password_file', path: ['username'] });
  return {};
}

function tlsIn(value: unknown, issues: StandardIssue[]): EtcdTlsConfig {
  if (!isRecord(value)) {
    issues.push({ message: 'must be a mapping', path: ['tls_config'] });
    return {};
  }
  refuseOthers(value, ['tls_config'], tlsKeys, issues);
  const files = tlsKeys.map((key) => [key, textIn(value, ['tls_config', key], issues)] as const);
  if ((value['cert_file'] === undefined) !== (value['key_file'] === undefined)) {
    const message = 'goes together with key_file';
    issues.push({ message, path: ['tls_config', 'cert_file'] });
  }
  return Object.fromEntries(files.filter(([, file]) => file !== undefined));
}

function intervalIn(value: Written, issues: StandardIssue[]): number {
  const path = ['refresh_interval'];
  const parsed = parsePrometheusDuration(textIn(value, path, issues) ?? '5m');
  if (parsed.ok && parsed.value >= 1_000) return parsed.value;
  issues.push({ message: 'must be a duration of at least 1s', path });
  return 1_000;
}

function textIn(
  value: Written,
  path: readonly string[],
  issues: StandardIssue[],
): string | undefined {
  const text = value[path.at(-1) ?? ''] ?? undefined;
  if (text === undefined || typeof text === 'string') return text;
  issues.push({ message: 'must be a text', path });
  return undefined;
}

function refuseOthers(
  value: Written,
  path: readonly string[],
  known: readonly string[],
  issues: StandardIssue[],
): void {
  for (const key of Object.keys(value)) {
    if (known.includes(key)) continue;
    issues.push({ message: `unknown key; there are ${known.join(', ')}`, path: [...path, key] });
  }
}

function isRecord(value: unknown): value is Written {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
