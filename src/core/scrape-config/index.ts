export { defaultGlobalConfig } from './global-config.js';
export {
  decodePrometheusConfig,
  decodeScrapeConfig,
  scrapeConfigFilePatterns,
  type DecodeOptions,
  type DecodeResult,
  type ScrapeConfigFile,
} from './prometheus-config.js';
export { refusedByCollector } from './refused-by-collector.js';
export { renderScrapeConfig, type RenderOptions } from './render.js';
export type { MechanismDecoder, MechanismResult, Mechanisms } from './service-discovery.js';
