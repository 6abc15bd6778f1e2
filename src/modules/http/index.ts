export { configureApp } from './configure-app.js';
export { HttpModule, type HttpModuleOptions } from './http.module.js';
export { configureServer } from './server/configure-server.js';
export { createFastifyAdapter } from './server/create-fastify-adapter.js';
export {
  defaultServerLimits,
  nodeServerOptions,
  type ServerLimits,
} from './server/server-limits.js';
