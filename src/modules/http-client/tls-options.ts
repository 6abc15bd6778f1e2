import { createHash } from 'node:crypto';
import { isIP } from 'node:net';
import { checkServerIdentity, type ConnectionOptions, type SecureVersion } from 'node:tls';
import { HttpRequestError, type TlsConfig } from '../../plugin-api/index.js';
import { secretText } from './secret-text.js';

/** What of a TLS connection is configured. */
export type TlsOptions = Pick<
  ConnectionOptions,
  | 'ca'
  | 'cert'
  | 'key'
  | 'servername'
  | 'checkServerIdentity'
  | 'minVersion'
  | 'maxVersion'
  | 'ciphers'
  | 'rejectUnauthorized'
>;

/** TLS settings with their files read. */
export interface TlsMaterial {
  readonly options: TlsOptions;
  /** The same for the same contents: a changed one asks for new connections. */
  readonly fingerprint: string;
}

const versions: ReadonlyMap<string, SecureVersion> = new Map([
  ['TLS10', 'TLSv1'],
  ['TLS11', 'TLSv1.1'],
  ['TLS12', 'TLSv1.2'],
  ['TLS13', 'TLSv1.3'],
]);

/** @throws HttpRequestError `TA_HTTP_CONFIG` for settings that can never work. */
export function checkTlsConfig(config: TlsConfig): void {
  const { minVersion, maxVersion } = versionsOf(config);
  if (minVersion !== undefined && maxVersion !== undefined && maxVersion < minVersion) {
    throw new HttpRequestError(
      'TA_HTTP_CONFIG',
      'tls_config.max_version must be greater than or equal to tls_config.min_version',
    );
  }
}

/**
 * Reads the CA, certificate and key, which may have been replaced since the last request.
 *
 * @throws HttpRequestError `TA_HTTP_CREDENTIALS` when a file cannot be read.
 */
export async function readTlsMaterial(config: TlsConfig): Promise<TlsMaterial> {
  const [ca, cert, key] = await Promise.all([
    secretText(config.ca, config.ca_file, 'tls_config.ca_file'),
    secretText(config.cert, config.cert_file, 'tls_config.cert_file'),
    secretText(config.key, config.key_file, 'tls_config.key_file'),
  ]);
  const fingerprint = createHash('sha256')
    .update(JSON.stringify([ca, cert, key]))
    .digest('hex');
  const options: TlsOptions = {
    ...(ca === undefined ? {} : { ca }),
    ...(cert === undefined || key === undefined ? {} : { cert, key }),
    ...serverNameOptions(config.server_name ?? ''),
    ...versionOptions(config),
    rejectUnauthorized: !config.insecure_skip_verify,
  };
  return { options, fingerprint };
}

function serverNameOptions(serverName: string): TlsOptions {
  if (serverName === '') return {};
  // An address cannot be sent as server name (RFC 6066), but the certificate must be for it.
  if (isIP(serverName) !== 0) {
    return { checkServerIdentity: (_host, peer) => checkServerIdentity(serverName, peer) };
  }
  return { servername: serverName };
}

function versionOptions(config: TlsConfig): TlsOptions {
  const { minVersion, maxVersion } = versionsOf(config);
  const isOld = [minVersion, maxVersion].some((v) => v === 'TLSv1' || v === 'TLSv1.1');
  return {
    ...(minVersion === undefined ? {} : { minVersion }),
    ...(maxVersion === undefined ? {} : { maxVersion }),
    // OpenSSL refuses the signatures of TLS 1.0 and 1.1 at its default security level.
    ...(isOld ? { ciphers: 'DEFAULT@SECLEVEL=0' } : {}),
    // A maximum below Node's minimum would leave nothing.
    ...(isOld && minVersion === undefined ? { minVersion: 'TLSv1' } : {}),
  };
}

function versionsOf(config: TlsConfig): {
  readonly minVersion: SecureVersion | undefined;
  readonly maxVersion: SecureVersion | undefined;
} {
  return {
    minVersion: versions.get(config.min_version ?? ''),
    maxVersion: versions.get(config.max_version ?? ''),
  };
}
