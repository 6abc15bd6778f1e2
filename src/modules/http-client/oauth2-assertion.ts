import { createPrivateKey, randomUUID, sign } from 'node:crypto';
import { HttpRequestError, type OAuth2 } from '../../plugin-api/index.js';

const LIFETIME_SECONDS = 600;

const digests: ReadonlyMap<string, string> = new Map([
  ['RS256', 'sha256'],
  ['RS384', 'sha384'],
  ['RS512', 'sha512'],
]);

/**
 * The signed JWT that stands for the client in a `jwt-bearer` grant.
 *
 * @param key The RSA key, in PEM.
 * @throws HttpRequestError `TA_HTTP_CREDENTIALS` when the key cannot sign.
 * @see https://www.rfc-editor.org/rfc/rfc7523#section-3
 */
export function jwtAssertion(config: OAuth2, key: string, nowMs: number): string {
  const algorithm = config.signature_algorithm ?? 'RS256';
  const keyId = config.client_certificate_key_id;
  const issuedAt = Math.floor(nowMs / 1_000);
  const scope = (config.scopes ?? []).join(' ');
  const claims = {
    iss: config.iss ?? config.client_id,
    sub: config.client_id,
    jti: randomUUID(),
    aud: config.audience ?? config.token_url,
    iat: issuedAt,
    exp: issuedAt + LIFETIME_SECONDS,
    ...(scope === '' ? {} : { scope }),
    ...config.claims,
  };
  const header = { alg: algorithm, typ: 'JWT', ...(keyId === undefined ? {} : { kid: keyId }) };
  const signed = `${encoded(header)}.${encoded(claims)}`;
  return `${signed}.${signature(signed, key, algorithm)}`;
}

function signature(signed: string, key: string, algorithm: string): string {
  const digest = digests.get(algorithm);
  try {
    const privateKey = createPrivateKey(key);
    if (digest !== undefined && privateKey.asymmetricKeyType === 'rsa') {
      return sign(digest, Buffer.from(signed), privateKey).toString('base64url');
    }
  } catch {
    // What OpenSSL says of a key can quote it.
  }
  throw new HttpRequestError(
    'TA_HTTP_CREDENTIALS',
    `oauth2.client_certificate_key is no RSA key in PEM that can sign with ${algorithm}`,
  );
}

function encoded(value: object): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url');
}
