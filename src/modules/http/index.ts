export { configureApp } from './configure-app.js';
export { HttpModule, type HttpModuleOptions } from './http.module.js';
export { createFastifyAdapter } from './server/create-fastify-adapter.js';
export type { ServerLimits } from './server/server-limits.js';
