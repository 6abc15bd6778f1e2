import type { HttpClientConfig } from '../../plugin-api/index.js';
import type { OAuth2Tokens } from './oauth2-tokens.js';
import { readSettingFile, secretText } from './secret-text.js';
import { basicAuthorization } from './transport.js';

/** Header names in lower case; several values are sent as several headers. */
export type RequestHeaders = Map<string, readonly string[]>;

export interface RequestToSign {
  readonly url: URL;
  readonly headers: Readonly<Record<string, string>>;
  /** A redirect has left the host that was asked first: it must not get the credentials. */
  readonly isForeign: boolean;
  readonly signal: AbortSignal;
}

/** What net/http and Prometheus do not send on to a foreign host. */
const sensitiveHeaders = [
  'authorization',
  'www-authenticate',
  'cookie',
  'cookie2',
  'proxy-authorization',
  'proxy-authenticate',
] as const;

/**
 * The headers of one request: the caller's, the configured ones, and the credentials, with files read anew.
 *
 * @throws HttpRequestError `TA_HTTP_CREDENTIALS` when credentials cannot be had.
 */
export async function requestHeaders(
  config: HttpClientConfig,
  tokens: OAuth2Tokens | undefined,
  request: RequestToSign,
): Promise<RequestHeaders> {
  const headers: RequestHeaders = new Map([['user-agent', ['target-allocator']]]);
  for (const [name, value] of Object.entries(request.headers)) {
    headers.set(name.toLowerCase(), [value]);
  }
  await addConfigured(headers, config);
  // An encoded answer could be of any size once decoded, so it is neither asked for nor taken.
  headers.set('accept-encoding', ['identity']);
  if (request.isForeign) {
    for (const name of sensitiveHeaders) headers.delete(name);
    return headers;
  }
  const authorization = await authorizationOf(config, tokens, request);
  if (authorization !== undefined) headers.set('authorization', [authorization]);
  return headers;
}

async function addConfigured(headers: RequestHeaders, config: HttpClientConfig): Promise<void> {
  for (const [name, header] of Object.entries(config.http_headers ?? {})) {
    const what = `http_headers.${name}.files`;
    const fromFiles = await Promise.all(
      (header.files ?? []).map(async (file) => (await readSettingFile(file, what)).trim()),
    );
    const values = [
      ...(header.values ?? []),
      ...(header.secrets ?? []).map((secret) => secret.reveal()),
      ...fromFiles,
    ];
    const key = name.toLowerCase();
    headers.set(key, [...(headers.get(key) ?? []), ...values]);
  }
}

async function authorizationOf(
  config: HttpClientConfig,
  tokens: OAuth2Tokens | undefined,
  request: RequestToSign,
): Promise<string | undefined> {
  if (tokens !== undefined) return tokens.authorization(request.signal);
  const fromUrl = basicAuthorization(request.url);
  if (fromUrl !== undefined) return fromUrl;
  if (config.basic_auth !== undefined) return basicAuth(config.basic_auth);
  if (config.authorization === undefined) return undefined;
  const { type = 'Bearer', credentials, credentials_file } = config.authorization;
  const text = await secretText(credentials, credentials_file, 'authorization.credentials_file');
  return `${type} ${text ?? ''}`;
}

async function basicAuth(auth: NonNullable<HttpClientConfig['basic_auth']>): Promise<string> {
  const [username = '', password = ''] = await Promise.all([
    secretText(auth.username, auth.username_file, 'basic_auth.username_file'),
    secretText(auth.password, auth.password_file, 'basic_auth.password_file'),
  ]);
  return `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`;
}
