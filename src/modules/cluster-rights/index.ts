export { type ClusterRight, describeRight, type RightReason } from './cluster-right.js';
export { ClusterRightsModule } from './cluster-rights.module.js';
export type { RightNote } from './discovery-rights.js';
export { type NeededRights, neededRights, type RightsContext } from './needed-rights.js';
export {
  rbacObjects,
  type RoleManifest,
  roleManifests,
  type RoleOptions,
  type RoleSet,
  type ServiceAccountName,
} from './role-manifests.js';
