export { AllocationModule } from './allocation.module.js';
export { AllocationService, type JobSources } from './allocation.service.js';
export { ServedState, type ServedScrapeConfigs } from './served-state.js';
