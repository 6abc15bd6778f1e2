import type { Plugin } from '../plugin-api/index.js';
import { collectorsPlugin } from './collectors/index.js';
import { discoveryPlugin } from './discovery/index.js';
import { filtersPlugin } from './filters/index.js';
import { strategiesPlugin } from './strategies/index.js';
import { watchersPlugin } from './watchers/index.js';

/** The plugins that come with the allocator; nothing of them has a door that others have not. */
export const builtInPlugins: readonly Plugin[] = [
  collectorsPlugin,
  discoveryPlugin,
  filtersPlugin,
  strategiesPlugin,
  watchersPlugin,
];
