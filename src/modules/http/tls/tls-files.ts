import { createPrivateKey, type KeyObject, type X509Certificate } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { createSecureContext } from 'node:tls';
import type { HttpsConfig } from '../../config/index.js';
import { FollowedFiles, type ReadFiles } from './followed-files.js';
import { pemCertificates } from './pem-certificates.js';
import { TlsFileError } from './tls-files.errors.js';

export type Certificates = readonly [X509Certificate, ...X509Certificate[]];

/** What the server shows itself with. */
export interface ServerIdentity extends ReadFiles {
  readonly cert: string;
  readonly key: string;
  /** The server's own certificate, then those that lead to its root. */
  readonly certificates: Certificates;
}

/** Who signs the certificates of clients. */
export interface ClientAuthorities extends ReadFiles {
  readonly ca: string;
  readonly certificates: Certificates;
}

/** The files of the listener, each followed by itself; the certificate and its key are nothing without each other. */
export interface TlsFiles {
  readonly identity: FollowedFiles<ServerIdentity>;
  readonly authorities: FollowedFiles<ClientAuthorities>;
}

/** Rejects with a {@link TlsFileError} when a file cannot be used. */
export async function readTlsFiles(config: HttpsConfig): Promise<TlsFiles> {
  const { tlsCertFilePath, tlsKeyFilePath, caFilePath } = config;
  return {
    identity: await FollowedFiles.start(() => readServerIdentity(tlsCertFilePath, tlsKeyFilePath)),
    authorities: await FollowedFiles.start(() => readClientAuthorities(caFilePath)),
  };
}

/** Rejects with a {@link TlsFileError} when one of the files is no such thing, or they do not belong together. */
export async function readServerIdentity(
  certFile: string,
  keyFile: string,
): Promise<ServerIdentity> {
  const [cert, key] = await Promise.all([readText(certFile), readText(keyFile)]);
  const certificates = pemCertificates(certFile, cert);
  if (!certificates[0].checkPrivateKey(privateKeyOf(keyFile, key))) {
    throw new TlsFileError(
      keyFile,
      `not the key of the certificate in ${certFile}; replace both, in whatever order`,
    );
  }
  // Whatever else OpenSSL has against them: a key that is too short, for example.
  try {
    createSecureContext({ cert, key });
  } catch (cause) {
    throw new TlsFileError(certFile, `cannot be used for TLS (${messageOf(cause)})`, cause);
  }
  return { cert, key, certificates, texts: [cert, key] };
}

/** Rejects with a {@link TlsFileError} when the file is no bundle of certificates. */
export async function readClientAuthorities(caFile: string): Promise<ClientAuthorities> {
  const ca = await readText(caFile);
  return { ca, certificates: pemCertificates(caFile, ca), texts: [ca] };
}

/** When the first of the certificates expires, in milliseconds since the Unix epoch. */
export function firstExpiryMs(certificates: Certificates): number {
  return Math.min(...certificates.map(({ validTo }) => Date.parse(validTo)));
}

function privateKeyOf(path: string, text: string): KeyObject {
  try {
    return createPrivateKey(text);
  } catch (cause) {
    throw new TlsFileError(path, 'no private key without passphrase in PEM form', cause);
  }
}

async function readText(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch (cause) {
    throw new TlsFileError(path, `cannot be read (${messageOf(cause)})`, cause);
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
