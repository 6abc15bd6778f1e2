import { compareUtf8 } from '../../../plugin-api/index.js';
import type { RelabelRule } from './relabelings.js';
import { sanitizeLabelName } from './sanitize-label-name.js';
import type { SpecValue } from './spec-value.js';

/** A label selector as a tenant wrote it. */
export interface LabelSelector {
  readonly matchLabels: readonly (readonly [string, string])[];
  readonly matchExpressions: readonly {
    readonly key: string;
    readonly operator: string;
    readonly values: readonly string[];
  }[];
}

/** Reads a selector; nothing about its keys, operators and values is checked. */
export function labelSelector(at: SpecValue): LabelSelector {
  return {
    matchLabels: at
      .field('matchLabels')
      .textMap()
      .toSorted(([a], [b]) => compareUtf8(a, b)),
    matchExpressions: at
      .field('matchExpressions')
      .items()
      .map((expression) => ({
        key: expression.field('key').text() ?? '',
        operator: expression.field('operator').text() ?? '',
        values: expression.field('values').texts(),
      })),
  };
}

/**
 * Relabel rules that keep what a selector selects.
 *
 * @param kind Whose labels are meant, as the meta labels name it: `service`.
 */
export function selectorRules(selector: LabelSelector, kind: string): readonly RelabelRule[] {
  const source = (key: string): string =>
    `__meta_kubernetes_${kind}_label_${sanitizeLabelName(key)}`;
  const presence = (key: string): string =>
    `__meta_kubernetes_${kind}_labelpresent_${sanitizeLabelName(key)}`;
  const byValue = (action: string, key: string, values: string): RelabelRule => ({
    action,
    source_labels: [source(key), presence(key)],
    regex: `(${values});true`,
  });
  const byPresence = (action: string, key: string): RelabelRule => ({
    action,
    source_labels: [presence(key)],
    regex: 'true',
  });
  return [
    ...selector.matchLabels.map(([key, value]) => byValue('keep', key, value)),
    ...selector.matchExpressions.flatMap(({ key, operator, values }) => {
      switch (operator) {
        case 'In':
          return [byValue('keep', key, values.join('|'))];
        case 'NotIn':
          return [byValue('drop', key, values.join('|'))];
        case 'Exists':
          return [byPresence('keep', key)];
        case 'DoesNotExist':
          return [byPresence('drop', key)];
        default:
          return [];
      }
    }),
  ];
}
