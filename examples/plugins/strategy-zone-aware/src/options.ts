import type { StandardIssue, StandardSchema } from 'target-allocator/plugin-api';

/** What users write under `options`. */
export interface ZoneAwareOptions {
  /** The label of a target that names its zone. @default '__meta_kubernetes_endpointslice_endpoint_zone' */
  readonly target_label: string;
  /** The label of a collector's pod that names its zone. @default 'topology.kubernetes.io/zone' */
  readonly collector_label: string;
  /**
   * By how many targets the least loaded collector of a zone may be ahead of the least loaded one of all; beyond it new
   * targets of the zone go elsewhere. Minimum 0. @default no bound: a target leaves its zone only when no collector is there
   */
  readonly max_skew: number;
}

const known = ['target_label', 'collector_label', 'max_skew'];
const defaults: ZoneAwareOptions = {
  target_label: '__meta_kubernetes_endpointslice_endpoint_zone',
  collector_label: 'topology.kubernetes.io/zone',
  max_skew: Infinity,
};

/** Checks the options and fills in defaults. */
export const optionsSchema: StandardSchema<ZoneAwareOptions> = {
  '~standard': {
    version: 1,
    vendor: 'ta-plugin-zone-aware',
    validate: (written) => {
      const value = written ?? {};
      if (!isRecord(value)) return { issues: [{ message: 'must be a mapping' }] };
      const issues: StandardIssue[] = Object.keys(value)
        .filter((key) => !known.includes(key))
        .map((key) => ({ message: `unknown key; there are ${known.join(', ')}`, path: [key] }));
      const label = (key: 'target_label' | 'collector_label'): string => {
        const name = value[key] ?? defaults[key];
        if (typeof name === 'string' && name !== '') return name;
        issues.push({ message: 'must be the name of a label', path: [key] });
        return defaults[key];
      };
      const options = {
        target_label: label('target_label'),
        collector_label: label('collector_label'),
        max_skew: value['max_skew'] ?? defaults.max_skew,
      };
      const { max_skew: maxSkew } = options;
      if (typeof maxSkew !== 'number' || !(maxSkew >= 0)) {
        issues.push({ message: 'must be a number of targets of at least 0', path: ['max_skew'] });
        return { issues };
      }
      return issues.length > 0 ? { issues } : { value: { ...options, max_skew: maxSkew } };
    },
  },
};

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
