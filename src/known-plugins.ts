import type { KnownPlugins } from './modules/config/index.js';
import {
  checkPluginOptions,
  type InstalledPlugin,
  mechanismsOf,
  PluginRegistry,
} from './modules/plugins/index.js';

/** What a configuration can name of these plugins. @throws DuplicatePluginError when two provide the same. */
export function knownPlugins(installed: readonly InstalledPlugin[]): KnownPlugins {
  const registry = new PluginRegistry(installed);
  return {
    strategies: registry.names('strategy'),
    collectorSources: registry.names('collectors'),
    mechanisms: mechanismsOf(registry),
    watchers: installed.flatMap(({ plugin, entry }) =>
      entry !== undefined && plugin.provides.some(({ kind }) => kind === 'scrape-configs')
        ? [plugin.name]
        : [],
    ),
    checkPluginOptions: async ({ package: named, options }) => {
      const found = installed.find(({ entry }) => entry?.package === named);
      return found === undefined ? [] : checkPluginOptions(found.plugin, options);
    },
    checkCollectorOptions: async (type, options) => {
      const schema = registry.find('collectors', type)?.configSchema;
      const result = await schema?.['~standard'].validate(options);
      return result?.issues ?? [];
    },
  };
}
