import { defineResourceWatcher } from '../generator/define-resource-watcher.js';
import { scrapeConfig } from './scrape-config.js';

/** Jobs of the ScrapeConfigs in the cluster. */
export const scrapeConfigWatcher = defineResourceWatcher('scrape-config', scrapeConfig);
