import { definePlugin } from 'target-allocator/plugin-api';
import { zoneAware } from './zone-aware.js';

export default definePlugin({ name: 'ta-plugin-zone-aware', provides: [zoneAware] });
