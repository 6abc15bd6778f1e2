import type { Case } from './custom-resource-comparison.js';
import type { World } from './custom-resource-world.js';

export const namespace = 'shop';
const nothing: World = { secrets: [], configMaps: [] };

/** A case of one resource where the administrator has laid down nothing. */
export function plainCase(kind: string, spec: unknown, world: World = nothing): Case {
  const version = kind === 'ScrapeConfig' ? 'v1alpha1' : 'v1';
  const names = { namespace, name: 'web', uid: 'u', resourceVersion: '1' };
  return {
    resource: {
      apiVersion: `monitoring.coreos.com/${version}`,
      kind,
      metadata: { ...names, labels: {}, annotations: {} },
      spec,
    },
    world,
    spec: { scrapeInterval: '30s', evaluationInterval: '30s' },
  };
}
