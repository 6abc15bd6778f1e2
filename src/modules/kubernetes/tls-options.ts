import { isIP } from 'node:net';
import type { ConnectionOptions } from 'node:tls';
import type { TlsMaterial } from './api-credentials.js';

/** Node's options for a TLS connection to the origin. */
export function tlsOptions(origin: string, tls: TlsMaterial): ConnectionOptions {
  const host = hostOf(origin);
  // SNI carries names only (RFC 6066, 3).
  const serverName = tls.serverName ?? (isIP(host) === 0 ? host : undefined);
  return {
    rejectUnauthorized: !tls.insecureSkipVerify,
    ...(serverName === undefined ? {} : { servername: serverName }),
    ...(tls.ca === undefined ? {} : { ca: tls.ca }),
    ...(tls.cert === undefined ? {} : { cert: tls.cert }),
    ...(tls.key === undefined ? {} : { key: tls.key }),
    ...tls.demands,
  };
}

/** The host of a URL, an IPv6 address without its brackets. */
export function hostOf(origin: string): string {
  return new URL(origin).hostname.replace(/^\[(.*)\]$/, '$1');
}
