export { createHttpClient, type HttpClientDeps } from './http-client.js';
export type { ProxyEnvironment } from './proxy.js';
