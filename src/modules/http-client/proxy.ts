import type { ProxyConfig } from '../../plugin-api/index.js';
import { noProxyMatcher } from './no-proxy.js';

/** The proxies that the process' environment names; absent and empty are the same. */
export interface ProxyEnvironment {
  /** `http_proxy` or `HTTP_PROXY`. */
  readonly httpProxy?: string;
  /** `https_proxy` or `HTTPS_PROXY`. */
  readonly httpsProxy?: string;
  /** `no_proxy` or `NO_PROXY`. */
  readonly noProxy?: string;
}

/** The proxy of a request; `undefined`: none. */
export type ProxyFor = (url: URL) => URL | undefined;

const defaultPorts: ReadonlyMap<string, string> = new Map([
  ['http:', '80'],
  ['https:', '443'],
]);

/**
 * Which proxy a request goes through.
 *
 * @see https://pkg.go.dev/golang.org/x/net/http/httpproxy
 */
export function proxySelector(config: ProxyConfig, environment: ProxyEnvironment): ProxyFor {
  if (config.proxy_from_environment === true) {
    const { httpProxy, httpsProxy, noProxy } = environment;
    return exceptFor(noProxy ?? '', proxyUrl(httpProxy ?? ''), proxyUrl(httpsProxy ?? ''));
  }
  const proxy = proxyUrl(config.proxy_url ?? '');
  const noProxy = config.no_proxy ?? '';
  // Without no_proxy even loopback goes through the proxy, as in Prometheus.
  return noProxy === '' ? () => proxy : exceptFor(noProxy, proxy, proxy);
}

function exceptFor(noProxy: string, http: URL | undefined, https: URL | undefined): ProxyFor {
  const isExempt = noProxyMatcher(noProxy);
  return (url) => {
    const proxy = url.protocol === 'https:' ? https : http;
    const port = url.port === '' ? (defaultPorts.get(url.protocol) ?? '') : url.port;
    return proxy === undefined || isExempt(url.hostname, port) ? undefined : proxy;
  };
}

/** `host:port` without a scheme is an HTTP proxy. */
function proxyUrl(text: string): URL | undefined {
  if (text === '') return undefined;
  const withScheme = /^[a-z][a-z0-9+.-]*:\/\//i.test(text) ? text : `http://${text}`;
  return URL.canParse(withScheme) ? new URL(withScheme) : undefined;
}
