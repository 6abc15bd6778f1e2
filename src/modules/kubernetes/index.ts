export {
  FileCredentials,
  type ApiCredentials,
  type FileCredentialsOptions,
} from './api-credentials.js';
export { ApiStatusError } from './api-status.js';
export type { ApiClient, ApiRequest, ApiResponse } from './api-connection.js';
export { ClusterAccess, type ClusterAccessOptions } from './cluster-access.js';
export type { InformerStatus } from './informer-health.js';
export {
  findKubeConfig,
  openKubeConfig,
  requireKubeConfig,
  type ApiServer,
  type KubeConfigPlace,
  type KubeConfigSearch,
} from './kube-config.js';
export {
  ApiConnectionError,
  ApiProtocolError,
  ApiTimeoutError,
  KubeConfigError,
} from './kubernetes.errors.js';
export { KubernetesModule } from './kubernetes.module.js';
export { KubernetesService } from './kubernetes.service.js';
