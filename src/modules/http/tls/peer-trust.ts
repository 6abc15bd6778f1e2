import type { X509Certificate } from 'node:crypto';

/** Longer chains are not built by anyone who means well. */
const longestChain = 10;

/**
 * Whether one of the authorities, or an intermediate that the client sent, signed the client's certificate. For clients
 * that were verified in full when they connected: usage, names and dates were checked then; only who signs may have changed.
 */
export function isSignedByAny(
  client: X509Certificate,
  authorities: readonly X509Certificate[],
): boolean {
  let certificate: X509Certificate | undefined = client;
  for (let depth = 0; certificate !== undefined && depth < longestChain; depth++) {
    const signed: X509Certificate = certificate;
    if (authorities.some((authority) => isSignedBy(signed, authority))) return true;
    const issuer: X509Certificate | undefined = signed.issuerCertificate;
    certificate = issuer !== undefined && isSignedBy(signed, issuer) ? issuer : undefined;
  }
  return false;
}

/** An authority of the list also vouches for itself. */
function isSignedBy(certificate: X509Certificate, authority: X509Certificate): boolean {
  if (certificate.raw.equals(authority.raw)) return true;
  return certificate.checkIssued(authority) && certificate.verify(authority.publicKey);
}
