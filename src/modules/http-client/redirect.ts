import { HttpRequestError } from '../../plugin-api/index.js';
import { displayUrl } from './display-url.js';

/** One request on the way of redirects. */
export interface Hop {
  readonly url: URL;
  readonly method: string;
  readonly body: string | Uint8Array | undefined;
  /** The way has left the first host (and stays foreign, even if it comes back). */
  readonly isForeign: boolean;
}

const redirects: ReadonlySet<number> = new Set([301, 302, 303, 307, 308]);

/**
 * Where an answer sends the request, as net/http follows it; `undefined`: nowhere.
 *
 * @throws HttpRequestError `TA_HTTP_REDIRECT` when it cannot be followed.
 */
export function nextHop(
  first: URL,
  hop: Hop,
  answer: { readonly status: number; readonly headers: Readonly<Record<string, string>> },
): Hop | undefined {
  const location = answer.headers['location'] ?? '';
  if (!redirects.has(answer.status) || location === '') return undefined;
  const url = httpUrl(location, hop.url);
  const isForeign = hop.isForeign || !isSameOrBelow(url.hostname, first.hostname);
  const keepsMethod = answer.status === 307 || answer.status === 308 || hop.method === 'HEAD';
  return keepsMethod
    ? { ...hop, url, isForeign }
    : { url, isForeign, method: 'GET', body: undefined };
}

function httpUrl(location: string, base: URL): URL {
  const url = URL.canParse(location, base.href) ? new URL(location, base) : undefined;
  if (url?.protocol === 'http:' || url?.protocol === 'https:') return url;
  throw new HttpRequestError(
    'TA_HTTP_REDIRECT',
    `${displayUrl(base)} redirects to what is no HTTP URL`,
  );
}

/** The same host or a subdomain of it. */
function isSameOrBelow(host: string, parent: string): boolean {
  return host === parent || (!host.startsWith('[') && host.endsWith(`.${parent}`));
}
