import type { Socket } from 'node:net';
import { HttpRequestError, type HttpClientConfig } from '../../plugin-api/index.js';
import { displayUrl } from './display-url.js';
import { tokensOf, type HttpClientDeps } from './http-client.js';
import type { OAuth2Tokens } from './oauth2-tokens.js';
import { proxySelector, type ProxyFor } from './proxy.js';
import { requestHeaders } from './request-headers.js';
import { connectHeaders, CONNECT_TIMEOUT_MS } from './transport.js';
import { checkTlsConfig, readTlsMaterial, type TlsOptions } from './tls-options.js';
import { openTunnel } from './tunnel.js';

const noTls = { insecure_skip_verify: false };

/** What a Prometheus HTTP client configuration says, for those who send their requests themselves: long watches. */
export class HttpCredentials {
  readonly #config: HttpClientConfig;
  readonly #tokens: OAuth2Tokens | undefined;
  readonly #proxyFor: ProxyFor;

  /** @throws HttpRequestError `TA_HTTP_CONFIG` for settings that can never work. */
  constructor(config: HttpClientConfig, deps: HttpClientDeps) {
    checkTlsConfig(config.tls_config ?? noTls);
    this.#config = config;
    this.#tokens = tokensOf(config, deps);
    this.#proxyFor = proxySelector(config, deps.proxies);
  }

  /**
   * The configured headers of a request, its credentials among them; files are read anew.
   *
   * @throws HttpRequestError `TA_HTTP_CREDENTIALS` when credentials cannot be had.
   */
  async headers(url: URL, signal: AbortSignal): Promise<Readonly<Record<string, string>>> {
    const request = { url, headers: {}, isForeign: false, signal };
    const headers = await requestHeaders(this.#config, this.#tokens, request);
    return Object.fromEntries([...headers].map(([name, values]) => [name, values.join(', ')]));
  }

  /** @throws HttpRequestError `TA_HTTP_CREDENTIALS` when a file cannot be read. */
  async tls(): Promise<TlsOptions> {
    return (await readTlsMaterial(this.#config.tls_config ?? noTls)).options;
  }

  /**
   * How a connection to the server is made through the proxy that the settings name; `undefined`: directly. TLS with the
   * server is left to the caller.
   *
   * @throws HttpRequestError `TA_HTTP_CONFIG` where there can be no tunnel.
   */
  tunnelTo(server: URL): (() => Promise<Socket>) | undefined {
    const proxy = this.#proxyFor(server);
    if (proxy === undefined) return undefined;
    if (server.protocol !== 'https:' || !['http:', 'https:'].includes(proxy.protocol)) {
      throw new HttpRequestError(
        'TA_HTTP_CONFIG',
        `${displayUrl(server)} cannot be reached through ${displayUrl(proxy)}: only https servers behind http or https proxies can; remove the proxy settings or name another proxy`,
      );
    }
    const headers = connectHeaders(this.#config, proxy);
    return async () =>
      openTunnel({ proxy, tls: await this.tls(), headers, timeoutMs: CONNECT_TIMEOUT_MS }, server);
  }

  async close(): Promise<void> {
    await this.#tokens?.close();
  }
}
