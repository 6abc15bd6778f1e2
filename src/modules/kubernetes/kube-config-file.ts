import { readFile } from 'node:fs/promises';
import type { RequestOptions } from 'node:https';
import { dirname, resolve } from 'node:path';
import { isRecord } from '../../core/document/is-record.js';
import {
  FileCredentials,
  type ApiCredentials,
  type FileCredentialsOptions,
  type RequestHeaders,
  type TextSource,
  type TlsMaterial,
} from './api-credentials.js';
import type { ApiServer } from './api-server.js';
import { type CurrentContext, readCurrentContext } from './kube-config-document.js';
import type { Login } from './kube-config-login.js';
import { KubeConfigError } from './kubernetes.errors.js';
import { textField } from './kubernetes-object.js';

type YamlRecord = Readonly<Record<string, unknown>>;

interface Loaded {
  readonly text: string;
  readonly server: string;
  readonly files: FileCredentials;
  /** Absent when the user has neither a login program nor an identity provider. */
  readonly login: Login | undefined;
}

/** A kubeconfig file as credentials. It is read again when it changes, and when the server refuses what it said. */
export class KubeConfigFile implements ApiCredentials {
  readonly #path: string;
  #loaded: Loaded;
  #loginAnswer: RequestOptions | undefined;

  private constructor(path: string, loaded: Loaded) {
    this.#path = path;
    this.#loaded = loaded;
  }

  /** @throws KubeConfigError `TA_KUBECONFIG_INVALID` */
  static async open(path: string): Promise<ApiServer> {
    const text = await readFile(path, 'utf8');
    const loaded = await load(path, text);
    return { url: loaded.server, credentials: new KubeConfigFile(path, loaded) };
  }

  async tls(): Promise<TlsMaterial> {
    await this.#followFile(false);
    const material = await this.#loaded.files.tls();
    const { cert, key } = await this.#askLogin();
    return {
      ...material,
      ...(typeof cert === 'string' ? { cert } : {}),
      ...(typeof key === 'string' ? { key } : {}),
    };
  }

  async headers(renew: boolean): Promise<RequestHeaders> {
    await this.#followFile(renew);
    const headers = await this.#loaded.files.headers();
    const given: unknown = (this.#loginAnswer ?? (await this.#askLogin())).headers;
    const authorization = isRecord(given) ? textField(given, 'Authorization') : undefined;
    return authorization === undefined ? headers : { ...headers, authorization };
  }

  /** A fresh load has no answers cached, so a refused token of a login program is not used again. */
  async #followFile(renew: boolean): Promise<void> {
    try {
      const text = await readFile(this.#path, 'utf8');
      if (text === this.#loaded.text && !(renew && this.#loaded.login !== undefined)) return;
      this.#loaded = await load(this.#path, text);
      this.#loginAnswer = undefined;
    } catch {
      // Half written or away for a moment: what was read last stays in force.
    }
  }

  async #askLogin(): Promise<RequestOptions> {
    this.#loginAnswer = (await this.#loaded.login?.()) ?? {};
    return this.#loginAnswer;
  }
}

async function load(path: string, text: string): Promise<Loaded> {
  const { cluster, user = {} } = contextOf(path, text);
  const server = textField(cluster ?? {}, 'server')?.replace(/\/$/, '');
  if (cluster === undefined || server === undefined) {
    throw invalid(path, 'its current-context leads to no server');
  }
  if (textField(cluster, 'proxy-url') !== undefined) {
    throw invalid(path, 'proxy-url is not supported');
  }
  const folder = dirname(resolve(path));
  const files = new FileCredentials({
    ...clusterOptions(folder, cluster),
    ...userOptions(folder, user),
  });
  return { text, server, files, login: await loginFor(path, text, user) };
}

function contextOf(path: string, text: string): CurrentContext {
  const context = readOrRefuse(path, () => readCurrentContext(text));
  if (typeof context === 'string') throw invalid(path, context);
  return context;
}

/** The client library is loaded for those only whose user logs in: it costs 50 MB and a third of a second. */
async function loginFor(path: string, text: string, user: YamlRecord): Promise<Login | undefined> {
  if (!isRecord(user['exec'] ?? user['auth-provider'])) return undefined;
  const { loginOf } = await import('./kube-config-login.js');
  return readOrRefuse(path, () => loginOf(path, text));
}

function readOrRefuse<T>(path: string, read: () => T): T {
  try {
    return read();
  } catch (error) {
    throw invalid(path, error instanceof Error ? error.message : String(error), error);
  }
}

function invalid(path: string, why: string, cause?: unknown): KubeConfigError {
  return new KubeConfigError(
    'TA_KUBECONFIG_INVALID',
    `kubeconfig ${path}: ${why}; correct the file or name another one in kube_config_file_path`,
    { cause },
  );
}

function clusterOptions(folder: string, cluster: YamlRecord): FileCredentialsOptions {
  const serverName = textField(cluster, 'tls-server-name');
  return {
    ...optional('ca', source(folder, cluster, 'certificate-authority')),
    ...(serverName === undefined ? {} : { serverName }),
    insecureSkipVerify: cluster['insecure-skip-tls-verify'] === true,
  };
}

function userOptions(folder: string, user: YamlRecord): FileCredentialsOptions {
  const username = textField(user, 'username');
  const impersonateUser = textField(user, 'as');
  return {
    ...optional('cert', source(folder, user, 'client-certificate')),
    ...optional('key', source(folder, user, 'client-key')),
    ...optional('bearerToken', tokenSource(folder, user)),
    ...(username === undefined
      ? {}
      : { basicAuth: { username, password: textField(user, 'password') ?? '' } }),
    ...(impersonateUser === undefined ? {} : { impersonateUser }),
  };
}

function optional(
  name: 'ca' | 'cert' | 'key' | 'bearerToken',
  value: TextSource | undefined,
): FileCredentialsOptions {
  return value === undefined ? {} : { [name]: value };
}

/** Data in the file wins over a path, as in client-go; paths are relative to the file's own folder. */
function source(folder: string, record: YamlRecord, name: string): TextSource | undefined {
  const base64 = textField(record, `${name}-data`);
  if (base64 !== undefined) return { text: Buffer.from(base64, 'base64').toString('utf8') };
  const file = textField(record, name);
  return file === undefined ? undefined : { file: resolve(folder, file) };
}

/** A token's file wins over a token, as in client-go: it is where tokens are renewed. */
function tokenSource(folder: string, user: YamlRecord): TextSource | undefined {
  const file = textField(user, 'tokenFile');
  if (file !== undefined) return { file: resolve(folder, file) };
  const text = textField(user, 'token');
  return text === undefined ? undefined : { text };
}
