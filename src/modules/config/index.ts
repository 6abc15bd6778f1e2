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
  PrometheusCrConfig,
  TemporalityPreference,
} from './allocator-config.js';
export { ConfigModule } from './config.module.js';
export { ConfigService, type ReloadStatus } from './config.service.js';
export {
  defaultConfigFile,
  defaultHttpsListenAddr,
  defaultKubeConfigFilePath,
  defaultListenAddr,
} from './defaults.js';
export { type ListenAddress, parseListenAddress, urlOf } from './listen-address.js';
export { type KnownPlugins, loadConfig, type LoadPhase } from './load-config.js';
export type { LoadedConfig, LoadResult, RefusedConfig } from './loaded-config.js';
export type { ConfigOverrides, ConfigSources, Environment } from './overrides.js';
export { ReloadingConfigService } from './reloading-config.service.js';
