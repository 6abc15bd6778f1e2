export { createHttpClient, type HttpClientDeps } from './http-client.js';
export { HttpCredentials } from './http-credentials.js';
export type { ProxyEnvironment } from './proxy.js';
export { proxyEnvironment } from './proxy-environment.js';
