import {
  type CustomResource,
  defineScrapeConfigSource,
  type ScrapeConfigsDefinition,
  type ScrapeConfigSource,
  type WatcherOptions,
} from '../../../plugin-api/index.js';
import { watcherOptions } from './watcher-options.js';
import { CustomResourcesAbsentError } from './watchers.errors.js';

/** Defines the source of one kind of custom resources. */
export function defineResourceWatcher(
  name: string,
  kind: (options: WatcherOptions) => CustomResource,
): ScrapeConfigsDefinition<WatcherOptions> {
  return defineScrapeConfigSource<WatcherOptions>({
    name,
    stability: 'stable',
    configSchema: watcherOptions,
    create: (options, { customResources }): ScrapeConfigSource => {
      if (customResources === undefined) throw new CustomResourcesAbsentError(name);
      return customResources.source(kind(options), options.selection);
    },
  });
}
