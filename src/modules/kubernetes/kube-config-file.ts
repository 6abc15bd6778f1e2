import { readFile } from 'node:fs/promises';
import type { RequestOptions } from 'node:https';
import { dirname, resolve } from 'node:path';
import { KubeConfig, type Cluster, type User } from '@kubernetes/client-node';
import { parse } from 'yaml';
import {
  FileCredentials,
  type ApiCredentials,
  type FileCredentialsOptions,
  type RequestHeaders,
  type TextSource,
  type TlsMaterial,
} from './api-credentials.js';
import type { ApiServer } from './api-server.js';
import { KubeConfigError } from './kubernetes.errors.js';
import { isRecord, textField } from './kubernetes-object.js';

interface Loaded {
  readonly text: string;
  readonly server: string;
  readonly files: FileCredentials;
  /** Asks a login program (`exec`) or an identity provider; absent when the user has neither. */
  readonly plugin?: () => Promise<RequestOptions>;
}

/** A kubeconfig file as credentials. It is read again when it changes, and when the server refuses what it said. */
export class KubeConfigFile implements ApiCredentials {
  readonly #path: string;
  #loaded: Loaded;
  #pluginAnswer: RequestOptions | undefined;

  private constructor(path: string, loaded: Loaded) {
    this.#path = path;
    this.#loaded = loaded;
  }

  /** @throws KubeConfigError `TA_KUBECONFIG_INVALID` */
  static async open(path: string): Promise<ApiServer> {
    const text = await readFile(path, 'utf8');
    const loaded = load(path, text);
    return { url: loaded.server, credentials: new KubeConfigFile(path, loaded) };
  }

  async tls(): Promise<TlsMaterial> {
    await this.#followFile(false);
    const material = await this.#loaded.files.tls();
    const { cert, key } = await this.#askPlugin();
    return {
      ...material,
      ...(typeof cert === 'string' ? { cert } : {}),
      ...(typeof key === 'string' ? { key } : {}),
    };
  }

  async headers(renew: boolean): Promise<RequestHeaders> {
    await this.#followFile(renew);
    const headers = await this.#loaded.files.headers();
    const given: unknown = (this.#pluginAnswer ?? (await this.#askPlugin())).headers;
    const authorization = isRecord(given) ? textField(given, 'Authorization') : undefined;
    return authorization === undefined ? headers : { ...headers, authorization };
  }

  /** A fresh load has no answers cached, so a refused token of a login program is not used again. */
  async #followFile(renew: boolean): Promise<void> {
    try {
      const text = await readFile(this.#path, 'utf8');
      if (text === this.#loaded.text && !(renew && this.#loaded.plugin !== undefined)) return;
      this.#loaded = load(this.#path, text);
      this.#pluginAnswer = undefined;
    } catch {
      // Half written or away for a moment: what was read last stays in force.
    }
  }

  /** The library keeps an answer as long as the answer itself says that it is valid. */
  async #askPlugin(): Promise<RequestOptions> {
    this.#pluginAnswer = (await this.#loaded.plugin?.()) ?? {};
    return this.#pluginAnswer;
  }
}

function load(path: string, text: string): Loaded {
  const config = new KubeConfig();
  try {
    config.loadFromString(text);
    config.makePathsAbsolute(dirname(resolve(path)));
  } catch (error) {
    throw invalid(path, error instanceof Error ? error.message : String(error), error);
  }
  const cluster = config.getCurrentCluster();
  if (cluster === null) throw invalid(path, 'current-context names no cluster');
  if (cluster.proxyUrl !== undefined) throw invalid(path, 'proxy-url is not supported');
  const user = config.getCurrentUser() ?? undefined;
  const files = new FileCredentials({
    ...clusterOptions(cluster),
    ...(user === undefined ? {} : userOptions(user, tokenFileOf(path, text, user.name))),
  });
  const loaded = { text, server: cluster.server, files };
  return user !== undefined && hasPlugin(user)
    ? { ...loaded, plugin: pluginOf(cluster, user) }
    : loaded;
}

function invalid(path: string, why: string, cause?: unknown): KubeConfigError {
  return new KubeConfigError(
    'TA_KUBECONFIG_INVALID',
    `kubeconfig ${path}: ${why}; correct the file or name another one in kube_config_file_path`,
    { cause },
  );
}

function clusterOptions(cluster: Cluster): FileCredentialsOptions {
  return {
    ...optional('ca', source(cluster.caFile, cluster.caData)),
    ...(cluster.tlsServerName === undefined ? {} : { serverName: cluster.tlsServerName }),
    insecureSkipVerify: cluster.skipTLSVerify,
  };
}

function userOptions(user: User, tokenFile: string | undefined): FileCredentialsOptions {
  const token = tokenFile === undefined ? textSource(user.token) : { file: tokenFile };
  return {
    ...optional('cert', source(user.certFile, user.certData)),
    ...optional('key', source(user.keyFile, user.keyData)),
    ...optional('bearerToken', token),
    ...(isText(user.username)
      ? { basicAuth: { username: user.username, password: user.password ?? '' } }
      : {}),
    ...(isText(user.impersonateUser) ? { impersonateUser: user.impersonateUser } : {}),
  };
}

function optional(
  name: 'ca' | 'cert' | 'key' | 'bearerToken',
  value: TextSource | undefined,
): FileCredentialsOptions {
  return value === undefined ? {} : { [name]: value };
}

function isText(value: string | null | undefined): value is string {
  return typeof value === 'string' && value !== '';
}

function textSource(text: string | null | undefined): TextSource | undefined {
  return isText(text) ? { text } : undefined;
}

/** Data in the file wins over a path, as in client-go. */
function source(
  file: string | null | undefined,
  base64: string | null | undefined,
): TextSource | undefined {
  if (isText(base64)) return { text: Buffer.from(base64, 'base64').toString('utf8') };
  return isText(file) ? { file } : undefined;
}

/** The client library reads another spelling only (`token-file`), and reads it once. */
function tokenFileOf(path: string, text: string, userName: string): string | undefined {
  const document: unknown = parse(text);
  const users = isRecord(document) && Array.isArray(document['users']) ? document['users'] : [];
  for (const entry of users) {
    if (!isRecord(entry) || entry['name'] !== userName || !isRecord(entry['user'])) continue;
    const file = textField(entry['user'], 'tokenFile');
    if (file !== undefined) return resolve(dirname(path), file);
  }
  return undefined;
}

function hasPlugin(user: User): boolean {
  const provided: unknown = user.exec ?? user.authProvider;
  return isRecord(provided);
}

/** The library refuses plain http here, although it only makes an agent of it that nobody uses. */
function pluginOf(cluster: Cluster, user: User): () => Promise<RequestOptions> {
  const config = new KubeConfig();
  config.loadFromClusterAndUser(
    { ...cluster, server: cluster.server.replace(/^http:/, 'https:') },
    user,
  );
  return async () => {
    const options: RequestOptions = {};
    await config.applyToHTTPSOptions(options);
    return options;
  };
}
