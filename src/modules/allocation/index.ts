export { ALLOCATION_STRATEGY } from './allocation-strategy.provider.js';
export { AllocationModule } from './allocation.module.js';
export { AllocationService, type JobSources } from './allocation.service.js';
export { ServedState } from './served-state.js';
