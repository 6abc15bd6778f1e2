import { definePlugin } from '../../plugin-api/index.js';
import { staticDiscovery } from './static/static-discovery.js';

/** The discovery mechanisms that come with the allocator. */
export const discoveryPlugin = definePlugin({
  name: 'target-allocator/discovery',
  provides: [staticDiscovery],
});
