import { Gauge, type Registry } from 'prom-client';

/** An attribute's name as a label's: what a label name may not have becomes `_`. */
export function labelNameOf(attribute: string): string {
  const name = attribute.replace(/[^a-zA-Z0-9_]/g, '_');
  return /^\d/.test(name) ? `key_${name}` : name;
}

/**
 * The metric that joins the attributes of the resource to the other metrics of a scrape. Attributes that fall on one label
 * name share it, joined by `;`.
 *
 * @see https://opentelemetry.io/docs/specs/otel/compatibility/prometheus_and_openmetrics/#resource-attributes-1
 */
export function registerTargetInfo(
  registry: Registry,
  attributes: ReadonlyMap<string, string>,
): void {
  const labels = new Map<string, string>();
  for (const [attribute, value] of [...attributes].sort(([a], [b]) => (a < b ? -1 : 1))) {
    const name = labelNameOf(attribute);
    const former = labels.get(name);
    labels.set(name, former === undefined ? value : `${former};${value}`);
  }
  const gauge = new Gauge({
    name: 'target_info',
    help: 'Target metadata',
    labelNames: [...labels.keys()],
    registers: [registry],
  });
  gauge.set(Object.fromEntries(labels), 1);
}
