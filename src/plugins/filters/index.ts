import { definePlugin } from '../../plugin-api/index.js';
import { relabelConfigFilter } from './relabel-config/relabel-config-filter.js';

export { relabelConfigFilter };

/** Which targets of a job are kept. */
export const filtersPlugin = definePlugin({
  name: 'target-allocator/filters',
  provides: [relabelConfigFilter],
});
