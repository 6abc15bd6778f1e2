import { createPrivateKey, type KeyObject, X509Certificate } from 'node:crypto';
import { type PemBlock, pemBlocks } from './pem-blocks.js';

/** Says what is wrong with certificates and keys, and reads each text once however often it is referred to. */
export interface PemProblems {
  /** The first block must be a certificate. Empty text is none, which is not looked at. */
  ofAuthority(text: string): string | undefined;
  /** The first certificate must belong to the key. Nothing is looked at unless both are there. */
  ofPair(certificate: string, key: string): string | undefined;
}

/** @see github.com/prometheus-operator/prometheus-operator v0.93.1, pkg/assets/tls.go */
export function pemProblems(): PemProblems {
  const authorities = new Map<string, string | undefined>();
  const pairs = new Map<string, Map<string, string | undefined>>();
  return {
    ofAuthority: (text) =>
      text === '' ? undefined : remembered(authorities, text, () => problemOfAuthority(text)),
    ofPair: (certificate, key) => {
      if (certificate === '' || key === '') return undefined;
      const ofCertificate = pairs.get(certificate) ?? new Map<string, string | undefined>();
      pairs.set(certificate, ofCertificate);
      return remembered(ofCertificate, key, () => problemOfPair(certificate, key));
    },
  };
}

function remembered(
  known: Map<string, string | undefined>,
  text: string,
  find: () => string | undefined,
): string | undefined {
  if (!known.has(text)) known.set(text, find());
  return known.get(text);
}

function problemOfAuthority(text: string): string | undefined {
  const block = firstBlock(text, () => true);
  if (block === undefined) return 'failed to decode a PEM block';
  return certificateIn(block) === undefined ? 'failed to parse the certificate' : undefined;
}

/** @see https://pkg.go.dev/crypto/tls#X509KeyPair */
function problemOfPair(certificate: string, key: string): string | undefined {
  const certificateBlock = firstBlock(certificate, (type) => type === 'CERTIFICATE');
  if (certificateBlock === undefined) return 'there is no certificate in PEM form';
  const keyBlock = firstBlock(key, (type) => ` ${type}`.endsWith(' PRIVATE KEY'));
  if (keyBlock === undefined) return 'there is no private key in PEM form';
  const leaf = certificateIn(certificateBlock);
  if (leaf === undefined) return 'failed to parse the certificate';
  const privateKey = privateKeyIn(keyBlock);
  if (privateKey === undefined) return 'failed to parse the private key';
  return leaf.checkPrivateKey(privateKey)
    ? undefined
    : 'the private key does not belong to the certificate';
}

function firstBlock(text: string, isWanted: (type: string) => boolean): PemBlock | undefined {
  for (const block of pemBlocks(text)) if (isWanted(block.type)) return block;
  return undefined;
}

/** Nothing may come after the certificate. */
function certificateIn({ bytes }: PemBlock): X509Certificate | undefined {
  try {
    const certificate = new X509Certificate(bytes);
    return certificate.raw.equals(bytes) ? certificate : undefined;
  } catch {
    return undefined;
  }
}

/** The kind of key is what its bytes are, whatever the block's border says. */
function privateKeyIn({ bytes }: PemBlock): KeyObject | undefined {
  for (const type of ['pkcs1', 'pkcs8', 'sec1'] as const) {
    try {
      return createPrivateKey({ key: bytes, format: 'der', type });
    } catch {
      // Another type, then.
    }
  }
  return undefined;
}
