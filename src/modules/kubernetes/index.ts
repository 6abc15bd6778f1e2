export type { InformerStatus } from './informer-health.js';
export { KubernetesModule } from './kubernetes.module.js';
export { KubernetesService } from './kubernetes.service.js';
