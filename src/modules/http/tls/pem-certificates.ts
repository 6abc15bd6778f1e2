import { X509Certificate } from 'node:crypto';
import { TlsFileError } from './tls-files.errors.js';

const block = /-----BEGIN ([A-Z0-9 ]+)-----[^-]+-----END \1-----/g;

/**
 * The certificates of a PEM file, in their order; other blocks are passed over. OpenSSL itself takes what it can read, so a
 * file that is half written would quietly count for half.
 *
 * @throws TlsFileError when a block does not end, a certificate cannot be read, or there is none.
 */
export function pemCertificates(
  path: string,
  text: string,
): readonly [X509Certificate, ...X509Certificate[]] {
  const blocks = [...text.matchAll(block)];
  if (blocks.length !== text.split('-----BEGIN ').length - 1) {
    throw new TlsFileError(path, 'a PEM block has no end; is the file written to the end?');
  }
  const [first, ...others] = blocks
    .filter(([, type]) => type === 'CERTIFICATE')
    .map(([pem], index) => certificateOf(path, pem, index));
  if (first === undefined) {
    throw new TlsFileError(path, 'no certificate in it; it must be a PEM file with at least one');
  }
  return [first, ...others];
}

function certificateOf(path: string, pem: string, index: number): X509Certificate {
  try {
    return new X509Certificate(pem);
  } catch (cause) {
    throw new TlsFileError(path, `certificate ${String(index + 1)} cannot be read`, cause);
  }
}
