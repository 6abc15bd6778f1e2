import fc from 'fast-check';
import { type DrawnKind, resourcesOf } from './custom-resource-arbitrary.js';
import type { Case } from './custom-resource-comparison.js';
import { specSchema } from './custom-resource-schema.js';
import { namespace } from './custom-resource-case.js';
import { worldOf } from './custom-resource-world.js';
import { prometheusSpecs } from './prometheus-spec-arbitrary.js';

const group = 'monitoring.coreos.com';

/** The kinds, with their plural names. */
export const kinds: readonly (readonly [kind: string, plural: string])[] = [
  ['ServiceMonitor', 'servicemonitors'],
  ['PodMonitor', 'podmonitors'],
  ['Probe', 'probes'],
  ['ScrapeConfig', 'scrapeconfigs'],
];

export async function drawnKind(kind: string, plural: string): Promise<DrawnKind> {
  const version = kind === 'ScrapeConfig' ? 'v1alpha1' : 'v1';
  return { kind, apiVersion: `${group}/${version}`, schema: await specSchema(plural) };
}

/** Resources of which about every third one is wrong somewhere. */
export function casesOf(kind: DrawnKind): fc.Arbitrary<Case> {
  const resource = fc.oneof(
    { weight: 6, arbitrary: resourcesOf(kind, namespace, { mistakes: 0 }) },
    { weight: 4, arbitrary: resourcesOf(kind, namespace, { mistakes: 8 }) },
  );
  return fc.record({ resource, world: worldOf(namespace), spec: prometheusSpecs });
}
