export { OtlpExport } from './otlp-export.js';
export type { OtlpExportParts } from './otlp-provider.js';
export {
  createProcessMetrics,
  type ProcessMetrics,
  type ProcessMetricsParts,
} from './process-metrics-registry.js';
export type { ServiceIdentity } from './service-resource.js';
