export { createHttpClient, type HttpClientDeps } from './http-client.js';
export { HttpCredentials } from './http-credentials.js';
export { NetworkPolicy, type ResolveName } from './network-policy.js';
export type { ProxyEnvironment } from './proxy.js';
export { proxyEnvironment } from './proxy-environment.js';
