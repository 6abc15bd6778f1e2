export type { LoadedPackage, LoadOptions } from './load-plugin.js';
export { loadPlugins, type PluginOutcome } from './load-plugins.js';
export { PluginLoadError, type PluginLoadErrorCode } from './plugin-loading.errors.js';
