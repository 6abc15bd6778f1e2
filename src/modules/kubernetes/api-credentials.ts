import { readFile } from 'node:fs/promises';
import type { ConnectionOptions } from 'node:tls';

/** What a TLS connection is made with. PEM texts. */
export interface TlsMaterial {
  /** Absent: the system's authorities. */
  readonly ca?: string;
  readonly cert?: string;
  readonly key?: string;
  readonly serverName?: string;
  readonly insecureSkipVerify: boolean;
  /** What else is asked of a connection. The same for all connections to a server. */
  readonly demands?: TlsDemands;
}
export type TlsDemands = Pick<
  ConnectionOptions,
  'minVersion' | 'maxVersion' | 'ciphers' | 'checkServerIdentity'
>;

export type RequestHeaders = Readonly<Record<string, string>>;

/** Proves to an API server who we are. Asked again for each request, so that rotated files take effect. */
export interface ApiCredentials {
  /** Material of new connections; when it differs from the former one, former connections are used up. */
  tls(): Promise<TlsMaterial>;
  /** @param renew The server refused the former headers with 401: do not answer from a cache. */
  headers(renew: boolean): Promise<RequestHeaders>;
  /** Ends what is open to get credentials. */
  close?(): void;
}

/** A text that is given, or in a file that may change. */
export type TextSource = { readonly text: string } | { readonly file: string };

export interface FileCredentialsOptions {
  readonly ca?: TextSource;
  readonly cert?: TextSource;
  readonly key?: TextSource;
  readonly serverName?: string;
  readonly insecureSkipVerify?: boolean;
  readonly bearerToken?: TextSource;
  readonly basicAuth?: { readonly username: string; readonly password: string };
  readonly impersonateUser?: string;
}

export function sameTlsMaterial(a: TlsMaterial, b: TlsMaterial): boolean {
  return (
    a.ca === b.ca &&
    a.cert === b.cert &&
    a.key === b.key &&
    a.serverName === b.serverName &&
    a.insecureSkipVerify === b.insecureSkipVerify
  );
}

/**
 * Credentials from files and fixed texts. Requests are rare (a watch lives for minutes), so files are read for each
 * one: no cache can be stale, and a rotation needs neither a watch nor a restart. A file that cannot be read just now
 * (as while it is swapped) counts as unchanged.
 */
export class FileCredentials implements ApiCredentials {
  readonly #options: FileCredentialsOptions;
  readonly #lastRead = new Map<string, string>();

  constructor(options: FileCredentialsOptions) {
    this.#options = options;
  }

  async tls(): Promise<TlsMaterial> {
    const { serverName, insecureSkipVerify = false } = this.#options;
    const [ca, cert, key] = await Promise.all([
      this.#read(this.#options.ca),
      this.#read(this.#options.cert),
      this.#read(this.#options.key),
    ]);
    return {
      insecureSkipVerify,
      ...(ca === undefined ? {} : { ca }),
      ...(cert === undefined ? {} : { cert }),
      ...(key === undefined ? {} : { key }),
      ...(serverName === undefined ? {} : { serverName }),
    };
  }

  async headers(): Promise<RequestHeaders> {
    const { basicAuth, impersonateUser } = this.#options;
    const token = (await this.#read(this.#options.bearerToken))?.trim();
    const authorization =
      basicAuth === undefined
        ? token && `Bearer ${token}`
        : `Basic ${Buffer.from(`${basicAuth.username}:${basicAuth.password}`).toString('base64')}`;
    return {
      ...(authorization === undefined || authorization === '' ? {} : { authorization }),
      ...(impersonateUser === undefined ? {} : { 'impersonate-user': impersonateUser }),
    };
  }

  async #read(source: TextSource | undefined): Promise<string | undefined> {
    if (source === undefined || 'text' in source) return source?.text;
    try {
      const text = await readFile(source.file, 'utf8');
      this.#lastRead.set(source.file, text);
      return text;
    } catch (error) {
      const former = this.#lastRead.get(source.file);
      if (former === undefined) throw error;
      return former;
    }
  }
}
