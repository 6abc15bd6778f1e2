import { dirname, resolve } from 'node:path';
import { type ConfigSources, readPluginEntries } from './modules/config/index.js';
import { loadPlugins } from './modules/plugin-loading/index.js';
import { definitionKey, type InstalledPlugins } from './modules/plugins/index.js';
import type { Clock, Logger } from './plugin-api/index.js';
import { builtInPlugins } from './plugins/built-in-plugins.js';

/** How long the import of one plugin may take. */
const LOAD_TIMEOUT_MS = 10_000;

/**
 * The built-in plugins and those that the configuration names.
 *
 * @throws AggregateError of what is wrong with plugins that must not be missing.
 */
export async function installPlugins(
  sources: ConfigSources,
  tools: { readonly logger: Logger; readonly clock: Clock },
): Promise<InstalledPlugins> {
  const builtIn = builtInPlugins.map((plugin) => ({ plugin }));
  const outcomes = await loadPlugins(await readPluginEntries(sources), builtInOwners(), {
    ...tools,
    baseDirectory: dirname(resolve(sources.configFile)),
    pluginDirectories: (sources.pluginDirectories ?? []).map((path) => resolve(path)),
    timeoutMs: LOAD_TIMEOUT_MS,
  });
  const loaded = outcomes.flatMap((outcome) =>
    outcome.state === 'loaded'
      ? [
          {
            plugin: outcome.plugin,
            package: { ...outcome.manifest.package, directory: outcome.manifest.directory },
            entry: outcome.entry,
          },
        ]
      : [],
  );
  const failed = outcomes.filter((outcome) => outcome.state === 'failed');
  return { installed: [...builtIn, ...loaded], failed };
}

/** What is built in, each with the plugin that provides it: no other plugin may. */
export function builtInOwners(): ReadonlyMap<string, string> {
  return new Map(
    builtInPlugins.flatMap(({ name, provides }) =>
      provides.map((definition) => [definitionKey(definition), name] as const),
    ),
  );
}
