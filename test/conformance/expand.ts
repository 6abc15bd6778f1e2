import type { CollectorEntry, TargetGenerator } from './case.js';
import type { Json, JsonObject } from './json.js';

export const collectorNamespace = 'observability';
const collectorLabels = {
  'app.kubernetes.io/component': 'opentelemetry-collector',
  'app.kubernetes.io/instance': 'observability.main',
};

const unitSeconds: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3_600, d: 86_400 };

/** The RFC 3339 time, in whole seconds, `age` ago: `90s`, `10m`, `2h`, `30d`. */
export function timeAgo(age: string): string {
  const [, count = '', unit = ''] = /^(\d+)([smhd])$/.exec(age) ?? [];
  const seconds = Number(count) * (unitSeconds[unit] ?? Number.NaN);
  return new Date(Date.now() - seconds * 1_000).toISOString().replace(/\.\d+Z$/, 'Z');
}

function fillTemplate(template: string, fields: Readonly<Record<string, number>>): string {
  return template.replace(/\{(\w+)\}/g, (whole, name: string) => String(fields[name] ?? whole));
}

function templateFields(index: number): Readonly<Record<string, number>> {
  const fields: Record<string, number> = {
    i: index,
    hi: Math.floor(index / 250),
    lo: (index % 250) + 1,
  };
  for (let k = 2; k <= 20; k += 1) fields[`m${String(k)}`] = index % k;
  return fields;
}

/** Target groups of a generator: one for each target, or a single one when targets have no labels. */
export function generatedGroups(generator: TargetGenerator): readonly JsonObject[] {
  const { start = 0, count, address_template: address, labels_template: labels } = generator;
  const targets = Array.from({ length: count }, (_, offset) => {
    const fields = templateFields(start + offset);
    const filled = Object.entries(labels ?? {}).map(
      ([name, value]) => [name, fillTemplate(value, fields)] as const,
    );
    return { targets: [fillTemplate(address, fields)], labels: Object.fromEntries(filled) };
  });
  if (labels !== undefined && Object.keys(labels).length > 0) return targets;
  return [{ targets: targets.flatMap((group) => group.targets) }];
}

/** Writes families of collectors out. */
export function expandCollectors(
  entries: readonly CollectorEntry[] | undefined,
): readonly CollectorEntry[] {
  return (entries ?? []).flatMap((entry) => {
    const { start = 0, count = 1 } = entry;
    return Array.from({ length: count }, (_, offset) => {
      const fields = { i: start + offset };
      return {
        ...entry,
        name: fillTemplate(entry.name, fields),
        node: fillTemplate(entry.node ?? 'node-a', fields),
      };
    });
  });
}

export function collectorPod(entry: CollectorEntry): JsonObject {
  const since = timeAgo(entry.since ?? '0s');
  const spec: Record<string, Json> = {
    containers: [{ name: 'otc-container', image: 'otel/collector:1' }],
  };
  if (entry.node !== undefined && entry.node !== '') spec['nodeName'] = entry.node;
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {
      name: entry.name,
      namespace: entry.namespace ?? collectorNamespace,
      labels: entry.labels ?? collectorLabels,
    },
    spec,
    status: {
      phase: entry.phase ?? 'Running',
      startTime: since,
      conditions: [
        {
          type: 'Ready',
          status: (entry.ready ?? true) ? 'True' : 'False',
          lastTransitionTime: since,
        },
      ],
    },
  };
}
