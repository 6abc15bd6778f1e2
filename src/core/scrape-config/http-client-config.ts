import { type DecodedFields, struct } from '../document/collections.js';
import type { Cursor } from '../document/cursor.js';
import { bool, nullable, text } from '../document/decoder.js';
import { secret } from '../document/secret-decoder.js';
import { checkAtMostOne, isSet } from './field-checks.js';
import { httpHeaders } from './http-headers.js';
import type { Authorization, HttpClientConfig } from './model.js';
import { oauth2 } from './oauth2.js';
import { omitEmpty } from './omit-empty.js';
import { checkedProxy, proxyFields } from './proxy-config.js';
import { tlsConfig } from './tls-config.js';

const basicAuth = struct({
  username: text,
  username_file: text,
  username_ref: text,
  password: secret,
  password_file: text,
  password_ref: text,
});

const authorization = struct({
  type: text,
  credentials: secret,
  credentials_file: text,
  credentials_ref: text,
});

/** The HTTP client settings, which stand beside other fields. */
export const httpClientFields = {
  basic_auth: nullable(basicAuth),
  authorization: nullable(authorization),
  oauth2: nullable(oauth2),
  bearer_token: secret,
  bearer_token_file: text,
  tls_config: nullable(tlsConfig),
  follow_redirects: bool,
  enable_http2: bool,
  http_headers: nullable(httpHeaders),
  ...proxyFields,
} as const;

/** What {@link httpClientFields} give. */
export type HttpClientInput = DecodedFields<typeof httpClientFields>;

/**
 * Checks and completes the HTTP client settings. `bearer_token` and `bearer_token_file` become `authorization`.
 *
 * @see https://github.com/prometheus/common/blob/v0.70.1/config/http_config.go, `HTTPClientConfig.Validate`
 */
export function checkedHttpClient(input: HttpClientInput, at: Cursor): HttpClientConfig {
  checkMethods(input, at);
  const { basic_auth, oauth2: oauth2Config, tls_config, http_headers } = input;
  const auth = authorizationOf(input, at);
  return {
    ...(basic_auth === undefined ? {} : { basic_auth: omitEmpty(basic_auth) }),
    ...(auth === undefined ? {} : { authorization: auth }),
    ...(oauth2Config === undefined ? {} : { oauth2: oauth2Config }),
    ...(tls_config === undefined ? {} : { tls_config }),
    follow_redirects: input.follow_redirects ?? true,
    enable_http2: input.enable_http2 ?? true,
    ...(http_headers === undefined ? {} : { http_headers }),
    ...checkedProxy(input, at),
  };
}

/** Whether these are the settings that hold when none is written. */
export function isDefaultHttpClient(input: HttpClientInput, config: HttpClientConfig): boolean {
  const { follow_redirects, enable_http2, ...others } = config;
  const isCustom = Object.keys(others).length > 0 || input.proxy_connect_header !== undefined;
  return follow_redirects && enable_http2 && !isCustom;
}

/** The ways to authenticate exclude each other. */
function checkMethods(input: HttpClientInput, at: Cursor): void {
  const methods = [
    ...(input.basic_auth === undefined ? [] : ['basic_auth']),
    ...(input.authorization === undefined ? [] : ['authorization']),
    ...(input.oauth2 === undefined ? [] : ['oauth2']),
    ...(isSet(input.bearer_token) ? ['bearer_token'] : []),
    ...(isSet(input.bearer_token_file) ? ['bearer_token_file'] : []),
  ];
  if (methods.length > 1) {
    at.error(
      `at most one of basic_auth, authorization, oauth2, bearer_token, bearer_token_file may be set, here are ${methods.join(' and ')}`,
      { hint: 'keep one of them' },
    );
  }
  if (input.basic_auth !== undefined) {
    const place = at.field('basic_auth');
    checkAtMostOne(place, ['username', 'username_file', 'username_ref'], input.basic_auth);
    checkAtMostOne(place, ['password', 'password_file', 'password_ref'], input.basic_auth);
  }
}

function authorizationOf(input: HttpClientInput, at: Cursor): Authorization | undefined {
  const { authorization: written, bearer_token, bearer_token_file } = input;
  if (written !== undefined) {
    const place = at.field('authorization');
    checkAtMostOne(place, ['credentials', 'credentials_file', 'credentials_ref'], written);
    const type = trimLikeGo(written.type ?? '');
    if (type.toLowerCase() === 'basic') {
      place.field('type').error('the type cannot be "basic"', { hint: 'use basic_auth instead' });
    }
    return omitEmpty({ ...written, type: type === '' ? 'Bearer' : type });
  }
  if (isSet(bearer_token_file)) {
    return omitEmpty({ type: 'Bearer', credentials_file: bearer_token_file });
  }
  return isSet(bearer_token) ? omitEmpty({ type: 'Bearer', credentials: bearer_token }) : undefined;
}

/** JavaScript's trim also takes the byte order mark away, Go's also NEL. */
function trimLikeGo(text: string): string {
  return text.replaceAll(/^[\p{White_Space}]+|[\p{White_Space}]+$/gu, '');
}
