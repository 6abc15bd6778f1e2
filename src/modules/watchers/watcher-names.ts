import type { PluginRegistry } from '../plugins/index.js';

/** The watchers of plugins that the configuration lists; built-in ones are started by `prometheus_cr`. */
export function watchersOfPlugins(registry: PluginRegistry): readonly string[] {
  return registry
    .names('scrape-configs')
    .filter((name) => registry.ownerOf({ kind: 'scrape-configs', name })?.entry !== undefined);
}
