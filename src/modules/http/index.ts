export { configureApp, requestListenerOf } from './configure-app.js';
export { HttpModule, type HttpModuleOptions } from './http.module.js';
export { createFastifyAdapter } from './server/create-fastify-adapter.js';
export { LastAnswers } from './server/last-answers.js';
export type { ServerLimits } from './server/server-limits.js';
export { HttpsService } from './tls/https-service.js';
export { readTlsFiles, type TlsFiles } from './tls/tls-files.js';
