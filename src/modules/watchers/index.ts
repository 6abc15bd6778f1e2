export { customResourceWatchers } from './custom-resource-watchers.js';
export { ScrapeConfigStore } from './scrape-config-store.js';
export { WatchersModule } from './watchers.module.js';
export type { ServedScrapeConfigs } from './served-scrape-configs.js';
