import { struct } from '../document/collections.js';
import type { Cursor } from '../document/cursor.js';
import { bool, type Decoded, type Decoder, oneOf, refined, text } from '../document/decoder.js';
import { secret } from '../document/secret-decoder.js';
import { checkAtMostOne, isSet } from './field-checks.js';
import type { TlsConfig } from './model.js';
import { isZeroStruct, omitEmpty } from './omit-empty.js';

const tlsVersion = oneOf(['TLS10', 'TLS11', 'TLS12', 'TLS13'], undefined);

const fields = struct({
  ca: text,
  cert: text,
  key: secret,
  ca_file: text,
  cert_file: text,
  key_file: text,
  ca_ref: text,
  cert_ref: text,
  key_ref: text,
  server_name: text,
  insecure_skip_verify: bool,
  min_version: tlsVersion,
  max_version: tlsVersion,
});

/**
 * `tls_config`; `undefined` when nothing in it differs from the default, as the canonical document then leaves it out.
 *
 * @see https://prometheus.io/docs/prometheus/3.14/configuration/configuration/#tls_config
 */
export const tlsConfig: Decoder<TlsConfig> = refined(fields, (input, at) => {
  checkTls(input, at);
  if (isZeroStruct(input)) return undefined;
  const { insecure_skip_verify = false, ...others } = input;
  return { ...omitEmpty(others), insecure_skip_verify };
});

function checkTls(input: Decoded<typeof fields>, at: Cursor): void {
  for (const name of ['ca', 'cert', 'key'] as const) {
    checkAtMostOne(at, [name, `${name}_file`, `${name}_ref`], input);
  }
  const hasCert = isSet(input.cert) || isSet(input.cert_file) || isSet(input.cert_ref);
  const hasKey = isSet(input.key) || isSet(input.key_file) || isSet(input.key_ref);
  if (hasCert && !hasKey)
    at.error('a client certificate needs its key', { hint: 'set key or key_file' });
  if (hasKey && !hasCert) {
    at.error('a client key needs its certificate', { hint: 'set cert or cert_file' });
  }
}
