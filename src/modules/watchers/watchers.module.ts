import { Module, type Provider } from '@nestjs/common';
import type { Clock, Logger } from '../../plugin-api/index.js';
import { ConfigService } from '../config/index.js';
import { HealthModule, ReadinessRegistry } from '../health/index.js';
import { KubernetesModule } from '../kubernetes/index.js';
import { PluginRegistry } from '../plugins/index.js';
import { CLOCK, LOGGER } from '../telemetry/index.js';
import { ScrapeConfigStore } from './scrape-config-store.js';
import { watchersOfPlugins } from './watcher-names.js';
import { WatcherSources } from './watcher-sources.js';
import { WatchersService } from './watchers.service.js';

/** The store awaits the watchers of plugins from its beginning, before anybody looks at it. */
const storeProvider: Provider = {
  provide: ScrapeConfigStore,
  inject: [ConfigService, ReadinessRegistry, LOGGER, CLOCK, PluginRegistry],
  useFactory: (...[config, readiness, logger, clock, registry]: StoreParts): ScrapeConfigStore => {
    const store = new ScrapeConfigStore(config, readiness, logger, clock);
    for (const name of watchersOfPlugins(registry)) store.expect(name);
    return store;
  },
};
type StoreParts = [ConfigService, ReadinessRegistry, Logger, Clock, PluginRegistry];

/** Where scrape configs come together: the configuration file's and those that watchers make. */
@Module({
  imports: [HealthModule, KubernetesModule],
  providers: [storeProvider, WatcherSources, WatchersService],
  exports: [ScrapeConfigStore],
})
export class WatchersModule {}
