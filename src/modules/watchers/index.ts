export { ScrapeConfigStore } from './scrape-config-store.js';
export { WatchersModule } from './watchers.module.js';
export type { ServedScrapeConfigs } from './served-scrape-configs.js';
