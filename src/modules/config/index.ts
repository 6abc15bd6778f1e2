export type {
  AllocatorConfig,
  CollectorSourceConfig,
  HttpsConfig,
  LabelSelector,
  LabelSelectorRequirement,
  LogConfig,
  LogLevel,
  OtlpExporterConfig,
  PeriodicReaderConfig,
  PluginEntry,
  PrometheusCrConfig,
  TemporalityPreference,
} from './allocator-config.js';
export { ConfigModule } from './config.module.js';
export { ConfigService, type ReloadStatus } from './config.service.js';
export {
  defaultConfigFile,
  defaultHttpsListenAddr,
  defaultKubeConfigFilePath,
  defaultLeaseName,
  defaultListenAddr,
} from './defaults.js';
export { type ListenAddress, parseListenAddress, urlOf } from './listen-address.js';
export { type KnownPlugins, loadConfig, type LoadPhase } from './load-config.js';
export type { LoadedConfig, LoadResult, RefusedConfig } from './loaded-config.js';
export type { ConfigOverrides, ConfigSources, Environment } from './overrides.js';
export { PathWatcher, type PathWatcherOptions } from './path-watcher.js';
export { readPluginEntries } from './plugin-entries.js';
export { ReloadingConfigService } from './reloading-config.service.js';
