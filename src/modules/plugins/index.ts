export { PluginContexts } from './plugin-contexts.js';
export { PluginHost } from './plugin-host.js';
export { PluginRegistry } from './plugin-registry.js';
export { messageOf } from './plugins.errors.js';
export {
  PluginsModule,
  type PluginEnvironmentSource,
  type PluginsModuleOptions,
} from './plugins.module.js';
export type { PluginEnvironment } from './plugins.tokens.js';
export {
  runSource,
  type RunningSource,
  type RunSourceOptions,
  type SourceState,
} from './run-source.js';
