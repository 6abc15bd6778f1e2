export { CustomResourcesModule } from './custom-resources.module.js';
export { CustomResourcesService } from './custom-resources.service.js';
export { type KindStatus, type ResourceStatus, ResourceStatuses } from './resource-statuses.js';
export { type WatchedScope, watchedScope } from './watched-scope.js';
