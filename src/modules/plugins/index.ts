export type { FailedPlugin, InstalledPlugin, InstalledPlugins } from './installed-plugin.js';
export { mechanismsOf } from './mechanisms.js';
export { PluginContexts } from './plugin-contexts.js';
export { PluginHost } from './plugin-host.js';
export { checkPluginOptions, definitionKey } from './plugin-options.js';
export { PluginRegistry } from './plugin-registry.js';
export { messageOf } from './plugins.errors.js';
export {
  PluginsModule,
  type PluginEnvironmentSource,
  type PluginsModuleOptions,
} from './plugins.module.js';
export { INSTALLED_PLUGINS, type PluginEnvironment } from './plugins.tokens.js';
export {
  runSource,
  type RunningSource,
  type RunSourceOptions,
  type SourceState,
} from './run-source.js';
