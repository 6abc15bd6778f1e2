import { definePlugin } from '../../plugin-api/index.js';
import { fileDiscovery } from './file/file-discovery.js';
import { httpDiscovery } from './http/http-discovery.js';
import { kubernetesDiscovery } from './kubernetes/kubernetes-discovery.js';
import { staticDiscovery } from './static/static-discovery.js';

/** The discovery mechanisms that come with the allocator. */
export const discoveryPlugin = definePlugin({
  name: 'target-allocator/discovery',
  provides: [staticDiscovery, fileDiscovery, httpDiscovery, kubernetesDiscovery],
});
