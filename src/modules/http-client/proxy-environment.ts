import type { ProxyEnvironment } from './proxy.js';

/**
 * Reads the proxies from environment variables; of the two spellings the upper-case one counts, as in Go.
 *
 * @see https://pkg.go.dev/golang.org/x/net/http/httpproxy#FromEnvironment
 */
export function proxyEnvironment(
  env: Readonly<Record<string, string | undefined>>,
): ProxyEnvironment {
  const read = (name: string): string => env[name.toUpperCase()] ?? env[name] ?? '';
  return {
    httpProxy: read('http_proxy'),
    httpsProxy: read('https_proxy'),
    noProxy: read('no_proxy'),
  };
}
