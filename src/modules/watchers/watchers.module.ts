import { Module } from '@nestjs/common';
import { HealthModule } from '../health/index.js';
import { ScrapeConfigStore } from './scrape-config-store.js';

/** Where scrape configs come together: the configuration file's and those that watchers make. */
@Module({
  imports: [HealthModule],
  providers: [ScrapeConfigStore],
  exports: [ScrapeConfigStore],
})
export class WatchersModule {}
