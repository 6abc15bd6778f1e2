import { definePlugin } from 'target-allocator/plugin-api';
import { blackboxCheckWatcher } from './watcher.js';

export default definePlugin({
  name: 'ta-plugin-blackbox-check',
  provides: [blackboxCheckWatcher],
});
