import fc from 'fast-check';
import { bool, labelKeys, text, uint, url } from './value-arbitrary.js';
import { listOf, mapOf, pool, scalars, structOf, structWith } from './yaml-arbitrary.js';
import type { YamlMap } from './yaml-writer.js';

const tlsConfig = structOf({
  ca: text,
  ca_file: text,
  insecure_skip_verify: bool,
  server_name: text,
  min_version: pool(['TLS12', 'TLS13', 'TLS10'], ['tls12', '""']),
  max_version: pool(['TLS13', 'TLS11'], ['SSL3']),
}).chain(({ map, ...style }) =>
  fc
    .oneof(
      { weight: 20, arbitrary: fc.constant<YamlMap>({ map: [] }) },
      { weight: 4, arbitrary: structWith({ cert: text, key: text }, {}) },
      { weight: 4, arbitrary: structWith({ cert_file: text, key_file: text }, {}) },
      {
        weight: 1,
        arbitrary: structOf({ cert: text, cert_file: text, key: text, key_file: text }),
      },
    )
    .map((pair) => ({ map: [...map, ...pair.map], ...style })),
);

const connectHeader = mapOf(fc.constantFrom('X-A', '"x b"'), listOf(text));
const proxy: fc.Arbitrary<YamlMap> = fc.oneof(
  { weight: 60, arbitrary: fc.constant<YamlMap>({ map: [] }) },
  {
    weight: 8,
    arbitrary: structWith(
      { proxy_url: url },
      { no_proxy: text, proxy_connect_header: connectHeader },
    ),
  },
  {
    weight: 3,
    arbitrary: structWith(
      { proxy_from_environment: scalars('yes') },
      { proxy_connect_header: connectHeader },
    ),
  },
  {
    weight: 1,
    arbitrary: structOf({
      proxy_url: url,
      no_proxy: text,
      proxy_from_environment: bool,
      proxy_connect_header: connectHeader,
    }),
  },
);

const oauth2 = structWith(
  { client_id: text, token_url: text },
  {
    client_secret: text,
    client_secret_file: text,
    client_certificate_key_id: text,
    client_certificate_key: text,
    client_certificate_key_file: text,
    grant_type: scalars('client_credentials', '"urn:ietf:params:oauth:grant-type:jwt-bearer"', 'x'),
    signature_algorithm: pool(['RS256', 'RS512'], ['HS256']),
    iss: text,
    audience: text,
    claims: mapOf(
      fc.constantFrom('a', 'b', 'yes'),
      fc.oneof(text, uint, bool, listOf(uint), mapOf(fc.constantFrom('x', '"y z"'), text)),
    ),
    scopes: listOf(text),
    endpoint_params: mapOf(labelKeys, text),
    tls_config: tlsConfig,
  },
  15,
).chain(({ map, ...style }) =>
  proxy.map((settings) => ({ map: [...map, ...settings.map], ...style })),
);

const basicAuth = structOf({
  username: text,
  username_ref: text,
  password: text,
  password_file: text,
});
const authorization = structOf({
  type: pool(['Bearer', '" Token "', '""', '"\\u00a0x"'], ['basic', 'BASIC']),
  credentials: text,
  credentials_file: text,
});
/** Mostly one way to authenticate or none. */
const credentials: fc.Arbitrary<YamlMap> = fc.oneof(
  { weight: 60, arbitrary: fc.constant<YamlMap>({ map: [] }) },
  { weight: 6, arbitrary: structWith({ basic_auth: basicAuth }, {}) },
  { weight: 6, arbitrary: structWith({ authorization }, {}) },
  { weight: 10, arbitrary: structWith({ oauth2 }, {}) },
  { weight: 3, arbitrary: structWith({ bearer_token: text }, {}) },
  { weight: 3, arbitrary: structWith({ bearer_token_file: text }, {}) },
  {
    weight: 1,
    arbitrary: structOf(
      { basic_auth: basicAuth, authorization, oauth2, bearer_token: text, bearer_token_file: text },
      40,
    ),
  },
);
const headerNames = fc.oneof(
  { weight: 20, arbitrary: fc.constantFrom('X-Scope', '"x y"', 'x-a') },
  {
    weight: 1,
    arbitrary: fc.constantFrom('Authorization', 'host', 'X-AMZ-date', '"\\u212aeep-alive"'),
  },
);
const header = structOf({ values: listOf(text), secrets: listOf(text), files: listOf(text) });
const clientOptions = structOf(
  {
    tls_config: tlsConfig,
    follow_redirects: bool,
    enable_http2: bool,
    http_headers: mapOf(headerNames, header),
  },
  12,
);
export const httpClient: fc.Arbitrary<YamlMap> = fc
  .tuple(credentials, clientOptions, proxy)
  .map((parts) => ({ map: parts.flatMap(({ map }) => map) }));
