import type { MetricLabels } from '../../plugin-api/index.js';

const scopePrefix = 'opentelemetry_allocator_';

/** The name of the instrumentation scope that the allocator's own metrics are in. */
export const scopeName = 'targetallocator';

/** Labels by which OpenTelemetry's Prometheus exporter tells scopes apart; the Go allocator's metrics have them. */
const scopeLabels: MetricLabels = {
  otel_scope_name: scopeName,
  otel_scope_schema_url: '',
  otel_scope_version: '',
};

/** Whether a metric is one of the allocator's own, and not one of Prometheus' or of the runtime. */
export function isScoped(metric: string): boolean {
  return metric.startsWith(scopePrefix);
}

/** The scope labels of a metric; none for a metric without scope. */
export function scopeLabelsOf(metric: string): MetricLabels {
  return isScoped(metric) ? scopeLabels : {};
}

/** The labels of a series without those that only tell its scope. */
export function withoutScopeLabels(
  labels: Readonly<Record<string, string | number | undefined>>,
): [name: string, value: string][] {
  return Object.entries(labels).flatMap(([name, value]) =>
    value === undefined || name in scopeLabels ? [] : [[name, String(value)]],
  );
}
