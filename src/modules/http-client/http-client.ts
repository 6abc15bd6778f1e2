import { request as send } from 'undici';
import {
  HttpRequestError,
  type Clock,
  type HttpAnswer,
  type HttpClient,
  type HttpClientConfig,
  type HttpRequestOptions,
} from '../../plugin-api/index.js';
import { Deadline } from './deadline.js';
import { displayUrl } from './display-url.js';
import { asHttpError } from './http-failure.js';
import type { NetworkPolicy } from './network-policy.js';
import { OAuth2Tokens } from './oauth2-tokens.js';
import type { ProxyEnvironment } from './proxy.js';
import { readBody } from './read-body.js';
import { nextHop, type Hop } from './redirect.js';
import { requestHeaders } from './request-headers.js';
import { Transport, withoutUserInfo } from './transport.js';

export interface HttpClientDeps {
  readonly clock: Clock;
  /** What the process' environment says of proxies, for `proxy_from_environment`. */
  readonly proxies: ProxyEnvironment;
  /** What may not be connected to; absent: everything may. */
  readonly network?: NetworkPolicy;
}

const DEFAULT_TIMEOUT_MS = 60_000;
/** As net/http: the tenth answer must not send the request on. */
const MAX_REQUESTS = 10;

/**
 * Makes a client that sends requests as a Prometheus HTTP client configuration says.
 *
 * @throws HttpRequestError `TA_HTTP_CONFIG` for settings that can never work.
 * @see https://github.com/prometheus/common/blob/v0.70.1/config/http_config.go
 */
export function createHttpClient(config: HttpClientConfig, deps: HttpClientDeps): HttpClient {
  return new UndiciHttpClient(config, deps);
}

class UndiciHttpClient implements HttpClient {
  readonly #config: HttpClientConfig;
  readonly #clock: Clock;
  readonly #transport: Transport;
  readonly #tokens: OAuth2Tokens | undefined;

  constructor(config: HttpClientConfig, deps: HttpClientDeps) {
    this.#config = config;
    this.#clock = deps.clock;
    this.#transport = new Transport(config, deps.proxies, deps.network);
    this.#tokens = tokensOf(config, deps);
  }

  async request(urlText: string, options: HttpRequestOptions): Promise<HttpAnswer> {
    if (!URL.canParse(urlText)) {
      throw new HttpRequestError('TA_HTTP_CONFIG', 'the URL of a request cannot be parsed');
    }
    const url = new URL(urlText);
    const method = options.method ?? 'GET';
    const timeoutMs = options.timeoutMs ?? DEFAULT_TIMEOUT_MS;
    const deadline = new Deadline(this.#clock, timeoutMs, options.signal);
    try {
      return await deadline.race(this.#follow({ url, method }, options, deadline.signal));
    } catch (error) {
      throw asHttpError(error, `${method} ${displayUrl(url)}`, deadline);
    } finally {
      deadline.end();
    }
  }

  async close(): Promise<void> {
    await Promise.all([this.#transport.close(), this.#tokens?.close()]);
  }

  async #follow(
    first: Pick<Hop, 'url' | 'method'>,
    options: HttpRequestOptions,
    signal: AbortSignal,
  ): Promise<HttpAnswer> {
    let hop: Hop = { ...first, body: options.body, isForeign: false };
    for (let requests = 1; ; requests++) {
      const answer = await this.#exchange(hop, options, signal);
      const next = this.#config.follow_redirects ? nextHop(first.url, hop, answer) : undefined;
      if (next === undefined) return answer;
      if (requests === MAX_REQUESTS) {
        throw new HttpRequestError(
          'TA_HTTP_REDIRECT',
          `stopped after ${String(MAX_REQUESTS)} redirects`,
        );
      }
      hop = next;
    }
  }

  async #exchange(hop: Hop, options: HttpRequestOptions, signal: AbortSignal): Promise<HttpAnswer> {
    const headers = await requestHeaders(this.#config, this.#tokens, {
      url: hop.url,
      headers: options.headers ?? {},
      isForeign: hop.isForeign,
      signal,
    });
    const dispatcher = await this.#transport.dispatcherFor(hop.url);
    const timeoutMs = options.timeoutMs ?? DEFAULT_TIMEOUT_MS;
    const response = await send(withoutUserInfo(hop.url), {
      dispatcher,
      method: hop.method,
      headers: Object.fromEntries([...headers].map(([name, values]) => [name, [...values]])),
      ...(hop.body === undefined ? {} : { body: hop.body }),
      signal,
      // The deadline ends the whole; these are the net under it, in real time.
      headersTimeout: timeoutMs,
      bodyTimeout: timeoutMs,
    });
    const body = await readBody(response, options);
    return { status: response.statusCode, headers: joined(response.headers), body };
  }
}

/** Gets the tokens of an `oauth2` setting over a client of its own. */
export function tokensOf(config: HttpClientConfig, deps: HttpClientDeps): OAuth2Tokens | undefined {
  const { oauth2 } = config;
  if (oauth2 === undefined) return undefined;
  const { proxy_connect_header, proxy_from_environment, proxy_url, no_proxy, tls_config } = oauth2;
  const ownSettings: HttpClientConfig = {
    ...(proxy_connect_header === undefined ? {} : { proxy_connect_header }),
    ...(proxy_from_environment === undefined ? {} : { proxy_from_environment }),
    ...(proxy_url === undefined ? {} : { proxy_url }),
    ...(no_proxy === undefined ? {} : { no_proxy }),
    ...(tls_config === undefined ? {} : { tls_config }),
    follow_redirects: true,
    enable_http2: false,
  };
  return new OAuth2Tokens(oauth2, new UndiciHttpClient(ownSettings, deps), deps.clock);
}

function joined(
  headers: Readonly<Record<string, string | string[] | undefined>>,
): Readonly<Record<string, string>> {
  const result = Object.create(null) as Record<string, string>; // eslint-disable-line @typescript-eslint/no-unsafe-type-assertion -- the server names the headers, so the object has no prototype
  for (const [name, value] of Object.entries(headers)) {
    if (value !== undefined) result[name] = Array.isArray(value) ? value.join(', ') : value;
  }
  return result;
}
