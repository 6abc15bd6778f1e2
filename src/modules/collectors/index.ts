export { CollectorSet } from './collector-set.js';
export { CollectorsModule } from './collectors.module.js';
