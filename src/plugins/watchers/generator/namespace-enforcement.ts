import type { PrometheusSpec } from '../../../plugin-api/index.js';
import type { RelabelRule } from './relabelings.js';

const ownGroup = 'monitoring.coreos.com';

/** Which resource the rules are for. */
export interface EnforcedResource {
  readonly namespace: string;
  readonly name: string;
  /** `servicemonitors` */
  readonly plural: string;
}

/**
 * The last rule of a list, which gives targets or samples the resource's namespace whatever its author wrote; none when
 * nothing is enforced or the resource is excluded.
 */
export function namespaceRules(
  { namespace, name, plural }: EnforcedResource,
  spec: PrometheusSpec,
): readonly RelabelRule[] {
  const label = spec.enforcedNamespaceLabel ?? '';
  const isExcluded = (spec.excludedFromEnforcement ?? []).some(
    (reference) =>
      (reference.group === '' || reference.group === ownGroup) &&
      reference.resource === plural &&
      reference.namespace === namespace &&
      ((reference.name ?? '') === '' || reference.name === name),
  );
  return label === '' || isExcluded ? [] : [{ target_label: label, replacement: namespace }];
}
