import { anything } from '../document/anything.js';
import { list, mapOf, struct } from '../document/collections.js';
import type { Cursor } from '../document/cursor.js';
import { type Decoded, type Decoder, refined, text } from '../document/decoder.js';
import { secret } from '../document/secret-decoder.js';
import { checkAtMostOne, isSet } from './field-checks.js';
import type { OAuth2 } from './model.js';
import { omitEmpty } from './omit-empty.js';
import { checkedProxy, proxyFields } from './proxy-config.js';
import { tlsConfig } from './tls-config.js';

const jwtBearer = 'urn:ietf:params:oauth:grant-type:jwt-bearer';
const signatureAlgorithms = ['RS256', 'RS384', 'RS512'];

const fields = struct({
  client_id: text,
  client_secret: secret,
  client_secret_file: text,
  client_secret_ref: text,
  client_certificate_key_id: text,
  client_certificate_key: secret,
  client_certificate_key_file: text,
  client_certificate_key_ref: text,
  grant_type: text,
  signature_algorithm: text,
  iss: text,
  audience: text,
  claims: mapOf(anything),
  scopes: list(text),
  token_url: text,
  endpoint_params: mapOf(text),
  tls_config: tlsConfig,
  ...proxyFields,
});

/** `oauth2`. @see https://prometheus.io/docs/prometheus/3.14/configuration/configuration/#oauth2 */
export const oauth2: Decoder<OAuth2> = refined(fields, (input, at) => {
  checkOAuth2(input, at);
  const { client_id = '', token_url = '', tls_config, ...others } = input;
  return {
    client_id,
    token_url,
    ...omitEmpty({ ...others, ...noProxyFields }),
    ...(tls_config === undefined ? {} : { tls_config }),
    ...checkedProxy(others, at),
  };
});

/** Proxy settings are completed by themselves. */
const noProxyFields = {
  proxy_url: undefined,
  no_proxy: undefined,
  proxy_from_environment: undefined,
  proxy_connect_header: undefined,
};

function checkOAuth2(input: Decoded<typeof fields>, at: Cursor): void {
  for (const name of ['client_id', 'token_url'] as const) {
    if (!isSet(input[name])) at.field(name).error(`oauth2 needs a ${name}`);
  }
  if (input.grant_type !== jwtBearer) {
    checkAtMostOne(at, ['client_secret', 'client_secret_file', 'client_secret_ref'], input);
    return;
  }
  const keys = [
    'client_certificate_key',
    'client_certificate_key_file',
    'client_certificate_key_ref',
  ];
  checkAtMostOne(at, keys, input);
  const algorithm = input.signature_algorithm ?? '';
  if (algorithm !== '' && !signatureAlgorithms.includes(algorithm)) {
    at.field('signature_algorithm').error('unknown signature algorithm', {
      hint: `use one of ${signatureAlgorithms.join(', ')}`,
    });
  }
}
