import { definePlugin } from 'target-allocator/plugin-api';
import { weighted } from './weighted.js';

export default definePlugin({ name: 'ta-plugin-weighted', provides: [weighted] });
