import type { Socket } from 'node:net';
import { guardedConnection } from './guarded-connection.js';
import { HttpRequestError, type HttpClientConfig } from '../../plugin-api/index.js';
import { displayUrl } from './display-url.js';
import { tokensOf, type HttpClientDeps } from './http-client.js';
import type { NetworkPolicy } from './network-policy.js';
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
  readonly #network: NetworkPolicy | undefined;

  /** @throws HttpRequestError `TA_HTTP_CONFIG` for settings that can never work. */
  constructor(config: HttpClientConfig, deps: HttpClientDeps) {
    checkTlsConfig(config.tls_config ?? noTls);
    this.#config = config;
    this.#tokens = tokensOf(config, deps);
    this.#proxyFor = proxySelector(config, deps.proxies);
    this.#network = deps.network;
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
   * How a connection to the server is made through the proxy that the settings name, or past the networks that are denied;
   * `undefined`: directly. TLS with the server is left to the caller.
   *
   * @throws HttpRequestError `TA_HTTP_CONFIG` where there can be no such connection.
   */
  tunnelTo(server: URL): (() => Promise<Socket>) | undefined {
    const proxy = this.#proxyFor(server);
    if (proxy === undefined) return this.#directTo(server);
    if (server.protocol !== 'https:' || !['http:', 'https:'].includes(proxy.protocol)) {
      throw new HttpRequestError(
        'TA_HTTP_CONFIG',
        `${displayUrl(server)} cannot be reached through ${displayUrl(proxy)}: only https servers behind http or https proxies can; remove the proxy settings or name another proxy`,
      );
    }
    const headers = connectHeaders(this.#config, proxy);
    const network = this.#network;
    return async () => {
      network?.checkAddress(proxy.hostname);
      await network?.checkBehindProxy(server.hostname);
      const way = { proxy, headers, timeoutMs: CONNECT_TIMEOUT_MS };
      const lookup = network === undefined ? {} : { lookup: network.lookup };
      return openTunnel({ ...way, ...lookup, tls: await this.tls() }, server);
    };
  }

  #directTo(server: URL): (() => Promise<Socket>) | undefined {
    const network = this.#network;
    if (network === undefined) return undefined;
    if (server.protocol !== 'https:') {
      throw new HttpRequestError(
        'TA_HTTP_CONFIG',
        `${displayUrl(server)} is named by a custom resource, so it must be an https server; or set prometheus_cr.denied_discovery_networks to []`,
      );
    }
    return () => guardedConnection(server, network);
  }

  async close(): Promise<void> {
    await this.#tokens?.close();
  }
}
