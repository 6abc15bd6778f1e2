export { ApiStatusError } from './api-status.js';
export { BackOff } from './back-off.js';
export type { InformerStatus } from './informer-health.js';
export { KubernetesModule } from './kubernetes.module.js';
export { KubernetesService } from './kubernetes.service.js';
export type { ObjectName, ResourceQuery } from './resource-query.js';
