import type { LookupFunction } from 'node:net';
import { Agent, ProxyAgent, type Dispatcher } from 'undici';
import { HttpRequestError, type ProxyConfig, type TlsConfig } from '../../plugin-api/index.js';
import type { NetworkPolicy } from './network-policy.js';
import { proxySelector, type ProxyEnvironment, type ProxyFor } from './proxy.js';
import { checkTlsConfig, readTlsMaterial, type TlsMaterial } from './tls-options.js';
import { tunnelConnector } from './tunnel.js';

/** What of a client's settings is about connections. */
export interface TransportConfig extends ProxyConfig {
  readonly tls_config?: TlsConfig;
  readonly enable_http2: boolean;
}

interface Generation {
  readonly tls: TlsMaterial;
  readonly dispatchers: Map<string, Dispatcher>;
}

/** As in Prometheus, for the connection and for the TLS handshake. */
export const CONNECT_TIMEOUT_MS = 10_000;
const noTls: TlsConfig = { insecure_skip_verify: false };

/**
 * The connections of one client: direct ones and those through its proxies. When the contents of a TLS file have
 * changed, new requests get new connections, and the former ones end with the requests that use them.
 */
export class Transport {
  readonly #config: TransportConfig;
  readonly #proxyFor: ProxyFor;
  #generation: Generation | undefined;
  #isClosed = false;

  /** @throws HttpRequestError `TA_HTTP_CONFIG` for settings that can never work. */
  constructor(
    config: TransportConfig,
    environment: ProxyEnvironment,
    private readonly network?: NetworkPolicy,
  ) {
    checkTlsConfig(config.tls_config ?? noTls);
    this.#config = config;
    this.#proxyFor = proxySelector(config, environment);
  }

  /**
   * @throws HttpRequestError `TA_HTTP_CREDENTIALS` when a TLS file cannot be read, `TA_HTTP_DENIED` when the way leads into
   *   a denied network.
   */
  async dispatcherFor(url: URL): Promise<Dispatcher> {
    const proxy = await this.#allowedWay(url);
    const tls = await readTlsMaterial(this.#config.tls_config ?? noTls);
    if (this.#isClosed) throw new HttpRequestError('TA_HTTP_ABORTED', 'the client is closed');
    const generation = this.#renew(tls);
    const isTunnelled = url.protocol === 'https:' || proxy?.protocol !== 'http:';
    const key = proxy === undefined ? 'direct' : `${String(isTunnelled)} ${proxy.href}`;
    const known = generation.dispatchers.get(key);
    if (known !== undefined) return known;
    const made =
      proxy === undefined
        ? this.#direct(generation.tls)
        : this.#through(proxy, generation.tls, isTunnelled);
    generation.dispatchers.set(key, made);
    return made;
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    const dispatchers = [...(this.#generation?.dispatchers.values() ?? [])];
    this.#generation = undefined;
    await Promise.all(dispatchers.map((dispatcher) => dispatcher.destroy()));
  }

  /** The proxy, if any. Addresses are connected to without a look-up, so they are looked at here, for each request. */
  async #allowedWay(url: URL): Promise<URL | undefined> {
    const proxy = this.#proxyFor(url);
    const { network } = this;
    if (network === undefined) return proxy;
    if (proxy === undefined) {
      network.checkAddress(url.hostname);
      return undefined;
    }
    network.checkAddress(proxy.hostname);
    await network.checkBehindProxy(url.hostname);
    if (!proxy.protocol.startsWith('socks')) return proxy;
    // The name of a SOCKS proxy is resolved elsewhere, so the proxy goes by the address that was allowed.
    const pinned = new URL(proxy);
    pinned.hostname = await network.addressOf(proxy.hostname);
    return pinned;
  }

  /** How connections are made that need no other settings. */
  get #connecting(): { readonly timeout: number; readonly lookup?: LookupFunction } {
    const timeout = CONNECT_TIMEOUT_MS;
    return this.network === undefined ? { timeout } : { timeout, lookup: this.network.lookup };
  }

  #renew(tls: TlsMaterial): Generation {
    const former = this.#generation;
    if (former?.tls.fingerprint === tls.fingerprint) return former;
    for (const dispatcher of former?.dispatchers.values() ?? []) void closeQuietly(dispatcher);
    const generation = { tls, dispatchers: new Map<string, Dispatcher>() };
    this.#generation = generation;
    return generation;
  }

  #direct(tls: TlsMaterial): Dispatcher {
    return new Agent({
      allowH2: this.#config.enable_http2,
      connect: { ...tls.options, ...this.#connecting },
    });
  }

  #through(proxy: URL, tls: TlsMaterial, isTunnelled: boolean): Dispatcher {
    if (proxy.protocol.startsWith('socks')) return this.#throughSocks(proxy, tls);
    const allowH2 = this.#config.enable_http2;
    if (isTunnelled) {
      const headers = connectHeaders(this.#config, proxy);
      const { timeout: timeoutMs, ...lookup } = this.#connecting;
      const way = { proxy, headers, timeoutMs, ...lookup };
      const connect = tunnelConnector({ ...way, tls: tls.options, allowH2 });
      return new Agent({ allowH2, connect });
    }
    const authorization = basicAuthorization(proxy);
    return new ProxyAgent({
      uri: withoutUserInfo(proxy),
      ...(authorization === undefined ? {} : { token: authorization }),
      // As in Go: plain requests go to the proxy in absolute form, without what is meant for CONNECT.
      proxyTunnel: false,
      proxyTls: this.#connecting,
    });
  }

  #throughSocks(proxy: URL, tls: TlsMaterial): Dispatcher {
    return new ProxyAgent({
      // undici leaves names to the proxy, which is what socks5h asks for.
      uri: proxy.href.replace(/^socks5h:/, 'socks5:'),
      requestTls: { ...tls.options, timeout: CONNECT_TIMEOUT_MS },
    });
  }
}

/** What a proxy is told with `CONNECT`. */
export function connectHeaders(config: ProxyConfig, proxy: URL): Record<string, string[]> {
  const headers = Object.entries(config.proxy_connect_header ?? {});
  const authorization = basicAuthorization(proxy);
  return {
    ...Object.fromEntries(
      headers.map(([name, values]) => [name, values.map((value) => value.reveal())]),
    ),
    ...(authorization === undefined ? {} : { 'proxy-authorization': [authorization] }),
  };
}

/** The `Authorization` that a URL's user info stands for. */
export function basicAuthorization(url: URL): string | undefined {
  if (url.username === '' && url.password === '') return undefined;
  const text = `${decodeURIComponent(url.username)}:${decodeURIComponent(url.password)}`;
  return `Basic ${Buffer.from(text).toString('base64')}`;
}

/** The URL's text, without user info. */
export function withoutUserInfo(url: URL): string {
  const bare = new URL(url);
  bare.username = '';
  bare.password = '';
  return bare.href;
}

async function closeQuietly(dispatcher: Dispatcher): Promise<void> {
  try {
    await dispatcher.close();
  } catch {
    // It was destroyed meanwhile, which is just as well.
  }
}
