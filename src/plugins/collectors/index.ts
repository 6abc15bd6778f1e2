import { definePlugin } from '../../plugin-api/index.js';
import { fileCollectors } from './file/file-collectors.js';
import { kubernetesCollectors } from './kubernetes/kubernetes-collectors.js';
import { staticCollectors } from './static/static-collectors.js';

export { fileCollectors, kubernetesCollectors, staticCollectors };

/** Where collectors come from. */
export const collectorsPlugin = definePlugin({
  name: 'target-allocator/collectors',
  provides: [kubernetesCollectors, staticCollectors, fileCollectors],
});
