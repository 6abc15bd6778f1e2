import { inCreds } from './converted.js';

/** All settings of an HTTP client but the ways to authenticate, in a resource. */
export const connection = {
  tlsConfig: { serverName: 'sd.example', insecureSkipVerify: true, minVersion: 'TLS12' },
  proxyUrl: 'http://proxy:3128',
  noProxy: '127.0.0.1',
  proxyConnectHeader: { 'X-Token': [inCreds('token')] },
  followRedirects: false,
  enableHTTP2: false,
};
/** The same in the document. */
export const connectionFields = {
  tls_config: { server_name: 'sd.example', insecure_skip_verify: true, min_version: 'TLS12' },
  proxy_url: 'http://proxy:3128',
  no_proxy: '127.0.0.1',
  proxy_connect_header: { 'X-Token': [{ secret: 't0ken' }] },
  follow_redirects: false,
  enable_http2: false,
};

export const basicAuth = { username: inCreds('user'), password: inCreds('password') };
export const basicAuthFields = { username: 'alice', password: { secret: 'pass' } };

export const authorization = { type: 'Token', credentials: inCreds('token') };
export const authorizationFields = { type: 'Token', credentials: { secret: 't0ken' } };

export const oauth2 = {
  clientId: { configMap: { name: 'settings', key: 'id' } },
  clientSecret: inCreds('password'),
  tokenUrl: 'https://login.example/token',
  scopes: ['read'],
  endpointParams: { audience: 'sd' },
};
export const oauth2Fields = {
  client_id: 'client',
  client_secret: { secret: 'pass' },
  token_url: 'https://login.example/token',
  scopes: ['read'],
  endpoint_params: { audience: 'sd' },
};
