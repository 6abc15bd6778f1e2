import { jsonObject, type Json, type JsonObject } from './json.js';

const comparedGauges: ReadonlySet<string> = new Set(
  [
    'targets_per_collector',
    'targets',
    'targets_remaining',
    'targets_unassigned',
    'collectors_allocatable',
    'collectors_discovered',
  ].map((name) => `opentelemetry_allocator_${name}`),
);
export const targetsPerCollector = 'opentelemetry_allocator_targets_per_collector';

interface Sample {
  readonly name: string;
  readonly labels: ReadonlyMap<string, string>;
  readonly value: number;
}

function parseLabels(text: string): ReadonlyMap<string, string> {
  const pairs = text.matchAll(/([a-zA-Z_][a-zA-Z0-9_]*)="((?:[^"\\]|\\.)*)"/g);
  return new Map(
    [...pairs].map(([, name = '', value = '']) => [name, JSON.parse(`"${value}"`) as string]),
  );
}

function parseSamples(text: string): readonly Sample[] {
  return text.split('\n').flatMap((line) => {
    const found = /^([a-zA-Z_:][a-zA-Z0-9_:]*)(?:\{(.*)\})? (\S+)$/.exec(line);
    if (found === null) return [];
    const [, name = '', labels = '', value = ''] = found;
    return [{ name, labels: parseLabels(labels), value: Number(value) }];
  });
}

function seriesName({ name, labels }: Sample): string {
  const shown = [...labels]
    .filter(([label]) => !label.startsWith('otel_scope_'))
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([label, value]) => `${label}=${JSON.stringify(value)}`);
  return shown.length === 0 ? name : `${name}{${shown.join(',')}}`;
}

/** The allocator's gauges by name and labels. */
export function gaugeValues(text: string): ReadonlyMap<string, number> {
  const samples = parseSamples(text).filter(({ name }) => comparedGauges.has(name));
  return new Map(samples.map((sample) => [seriesName(sample), sample.value]));
}

/** Type and label names of each metric family of an exposition, runtime families aside. */
export function metricFamilies(text: string): JsonObject {
  const types = new Map<string, string>();
  const labels = new Map<string, Set<string>>();
  for (const [, name = '', type = ''] of text.matchAll(/^# TYPE (\S+) (\S+)$/gm)) {
    types.set(name, type);
    labels.set(name, new Set());
  }
  for (const sample of parseSamples(text)) {
    const family = labels.has(sample.name)
      ? sample.name
      : sample.name.replace(/_(bucket|sum|count)$/, '');
    const known = labels.get(family) ?? new Set();
    for (const label of sample.labels.keys()) known.add(label);
    labels.set(family, known);
  }
  const families = [...labels].map(([name, names]): [string, Json] => [
    name,
    { type: types.get(name) ?? '', labels: [...names].sort() },
  ]);
  return jsonObject(families.filter(([name]) => !/^(go|process)_/.test(name)));
}
