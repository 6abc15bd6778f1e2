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
export { ConfigService } from './config.service.js';
export {
  defaultConfigFile,
  defaultHttpsListenAddr,
  defaultKubeConfigFilePath,
  defaultListenAddr,
} from './defaults.js';
export type { ConfigOverrides, ConfigSources, Environment } from './overrides.js';
