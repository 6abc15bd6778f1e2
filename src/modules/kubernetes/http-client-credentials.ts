import type { HttpCredentials } from '../http-client/index.js';
import type { ApiCredentials, RequestHeaders, TlsDemands, TlsMaterial } from './api-credentials.js';

/** The credentials of an API server that is spoken to as a Prometheus HTTP client configuration says. */
export class HttpClientCredentials implements ApiCredentials {
  readonly #closed = new AbortController();

  constructor(
    private readonly url: URL,
    private readonly source: HttpCredentials,
  ) {}

  async tls(): Promise<TlsMaterial> {
    const { ca, cert, key, servername, rejectUnauthorized, ...rest } = await this.source.tls();
    return {
      insecureSkipVerify: rejectUnauthorized === false,
      ...textOf('ca', ca),
      ...textOf('cert', cert),
      ...textOf('key', key),
      ...(servername === undefined ? {} : { serverName: servername }),
      demands: rest satisfies TlsDemands,
    };
  }

  /** Files are read for each request and tokens fetched when they expire, so there is no cache to renew. */
  headers(): Promise<RequestHeaders> {
    return this.source.headers(this.url, this.#closed.signal);
  }

  close(): void {
    this.#closed.abort();
    void this.source.close();
  }
}

function textOf(name: 'ca' | 'cert' | 'key', value: unknown): Partial<TlsMaterial> {
  return typeof value === 'string' ? { [name]: value } : {};
}
