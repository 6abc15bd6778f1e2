export { ScrapeConfigStore } from './scrape-config-store.js';
export { WatchersModule } from './watchers.module.js';
