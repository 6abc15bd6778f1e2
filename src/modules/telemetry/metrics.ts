export { OtlpExport, type OtlpExportParts } from './otlp-export.js';
export {
  createProcessMetrics,
  type ProcessMetrics,
  type ProcessMetricsParts,
} from './process-metrics-registry.js';
export type { ServiceIdentity } from './service-resource.js';
