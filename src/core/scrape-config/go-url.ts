import { parseAuthority, type Authority } from './go-url-authority.js';
import { GoUrlError } from './go-url.errors.js';
import {
  escapeBytes,
  isValidEscaping,
  keepsInFragment,
  keepsInPath,
  keepsInUser,
  unescapeBytes,
} from './go-url-escape.js';

/** The parts of a URL as Go's `net/url` sees them; parts that were escaped are as written. */
export interface GoUrl {
  /** In lower case; empty for a relative reference. */
  readonly scheme: string;
  /** What follows the scheme when that is no path: `user@example.org` of `mailto:user@example.org`. */
  readonly opaque: string;
  readonly authority: Authority;
  /** No authority was written, though there is a scheme and an absolute path (`file:/x`). */
  readonly hasNoAuthority: boolean;
  readonly path: string;
  /** With the question mark. */
  readonly query: string;
  readonly fragment: string;
}

/** A URL, or what is wrong with the text. */
export type GoUrlResult =
  { readonly ok: true; readonly url: GoUrl } | { readonly ok: false; readonly message: string };

const noAuthority: Authority = { host: '' };

/**
 * Parses a URL as Go does, which takes much that browsers refuse (relative references, opaque texts) and refuses some
 * that they take.
 *
 * @see https://pkg.go.dev/net/url#Parse
 */
export function parseGoUrl(text: string): GoUrlResult {
  try {
    return { ok: true, url: parse(text) };
  } catch (error) {
    if (error instanceof GoUrlError) return { ok: false, message: error.message };
    throw error;
  }
}

/**
 * Writes a URL as Go's `URL.String` does.
 *
 * @param hidePassword Writes `xxxxx` for a password, as `URL.Redacted` does.
 */
export function formatGoUrl(
  url: GoUrl,
  { hidePassword }: { readonly hidePassword: boolean },
): string {
  const scheme = url.scheme === '' ? '' : `${url.scheme}:`;
  const tail = url.query + (url.fragment === '' ? '' : `#${url.fragment}`);
  if (url.opaque !== '') return scheme + url.opaque + tail;
  const authority = formatAuthority(url, hidePassword);
  // A relative reference whose first segment has a colon would be taken for a scheme.
  const isAmbiguous = scheme + authority === '' && (url.path.split('/')[0] ?? '').includes(':');
  return `${scheme}${authority}${isAmbiguous ? './' : ''}${url.path}${tail}`;
}

function formatAuthority(url: GoUrl, hidePassword: boolean): string {
  const { user, password, host } = url.authority;
  if (host === '' && user === undefined) {
    const isBare = url.scheme === '' || url.hasNoAuthority || url.path === '';
    return isBare ? '' : '//';
  }
  const secret = password === undefined ? '' : `:${hidePassword ? 'xxxxx' : escapeUser(password)}`;
  return `//${user === undefined ? '' : `${escapeUser(user)}${secret}@`}${host}`;
}

function escapeUser(text: string): string {
  return escapeBytes(text, keepsInUser);
}

function parse(text: string): GoUrl {
  const [reference, fragment] = splitAt(text, '#');
  if (/[\u0000-\u001f\u007f]/.test(reference)) {
    throw new GoUrlError('invalid control character in the URL');
  }
  const [scheme, afterScheme] = splitScheme(reference);
  const [rest, query] = splitAt(afterScheme, '?');
  return {
    scheme,
    opaque: '',
    authority: noAuthority,
    hasNoAuthority: false,
    ...hierarchyOf(scheme, rest),
    query,
    fragment: fragment === '' ? '' : normalise(fragment.slice(1), keepsInFragment),
  };
}

/** Authority and path, or the opaque part. */
function hierarchyOf(scheme: string, rest: string): Partial<GoUrl> & Pick<GoUrl, 'path'> {
  if (!rest.startsWith('/')) return rootless(scheme, rest);
  const hasAuthority = rest.startsWith('//') && (scheme !== '' || !rest.startsWith('///'));
  if (!hasAuthority) {
    return { hasNoAuthority: scheme !== '', path: normalise(rest, keepsInPath) };
  }
  const slash = rest.indexOf('/', 2);
  const end = slash < 0 ? rest.length : slash;
  const authority = parseAuthority(scheme, rest.slice(2, end));
  return { authority, path: normalise(rest.slice(end), keepsInPath) };
}

function rootless(scheme: string, rest: string): Partial<GoUrl> & Pick<GoUrl, 'path'> {
  if (scheme !== '') return { opaque: rest, path: '' };
  if ((rest.split('/')[0] ?? '').includes(':')) {
    throw new GoUrlError('the first path segment of a URL without a scheme has a colon');
  }
  return { path: normalise(rest, keepsInPath) };
}

function splitScheme(text: string): readonly [string, string] {
  if (text.startsWith(':')) throw new GoUrlError('missing protocol scheme');
  const match = /^([a-zA-Z][a-zA-Z0-9+.-]*):/.exec(text);
  if (match === null) return ['', text];
  return [(match[1] ?? '').toLowerCase(), text.slice(match[0].length)];
}

/** The separator stays with what follows it. */
function splitAt(text: string, separator: string): readonly [string, string] {
  const index = text.indexOf(separator);
  return index < 0 ? [text, ''] : [text.slice(0, index), text.slice(index)];
}

/** Keeps an escaping that is valid, else writes the default one. */
function normalise(written: string, keeps: (byte: number) => boolean): string {
  const bytes = unescapeBytes(written);
  return isValidEscaping(written, keeps) ? written : escapeBytes(bytes, keeps);
}
