import { definePlugin } from '../../plugin-api/index.js';
import { consistentHashing } from './consistent-hashing/consistent-hashing.js';
import { leastWeighted } from './least-weighted/least-weighted.js';
import { perNode } from './per-node/per-node.js';

/** The allocation strategies of the Go allocator. */
export const strategiesPlugin = definePlugin({
  name: 'target-allocator/strategies',
  provides: [consistentHashing, leastWeighted, perNode],
});
