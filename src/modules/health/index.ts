export { HealthModule } from './health.module.js';
export { ReadinessRegistry, type ReadinessSource, type SourceStatus } from './readiness.js';
export {
  type Readiness,
  ReadinessService,
  type SourceReadiness,
  type SourceState,
} from './readiness.service.js';
