/**
 * A Kubernetes label selector as resources and configurations write it.
 *
 * @see https://kubernetes.io/docs/concepts/overview/working-with-objects/labels/#label-selectors
 */
export interface LabelSelectorTerms {
  readonly matchLabels: Readonly<Record<string, string>>;
  readonly matchExpressions: readonly {
    readonly key: string;
    readonly operator: 'In' | 'NotIn' | 'Exists' | 'DoesNotExist';
    readonly values: readonly string[];
  }[];
}

/** A selector that the API server would refuse. */
export class LabelSelectorError extends Error {
  readonly code = 'TA_LABEL_SELECTOR_INVALID';

  constructor(message: string) {
    super(`TA_LABEL_SELECTOR_INVALID: ${message}`);
    this.name = 'LabelSelectorError';
  }
}

/**
 * The selector as a query parameter: `app=otel,tier in (gold,silver),!canary`. An empty selector gives `''`, which
 * selects everything; a selector that is not there selects nothing and has no text.
 *
 * @throws LabelSelectorError `TA_LABEL_SELECTOR_INVALID` when `In` or `NotIn` has no values, or `Exists` or
 *   `DoesNotExist` has some.
 * @see k8s.io/apimachinery pkg/apis/meta/v1/helpers.go, LabelSelectorAsSelector
 */
export function labelSelectorText(selector: LabelSelectorTerms): string {
  const labels = Object.entries(selector.matchLabels).map(([key, value]) => `${key}=${value}`);
  const expressions = selector.matchExpressions.map(({ key, operator, values }) => {
    const wantsValues = operator === 'In' || operator === 'NotIn';
    if (wantsValues !== values.length > 0) {
      throw new LabelSelectorError(
        `${operator} on label ${key} ${wantsValues ? 'needs at least one value' : 'takes no values'}`,
      );
    }
    switch (operator) {
      case 'In':
        return `${key} in (${values.toSorted().join(',')})`;
      case 'NotIn':
        return `${key} notin (${values.toSorted().join(',')})`;
      case 'Exists':
        return key;
      case 'DoesNotExist':
        return `!${key}`;
    }
  });
  return [...labels, ...expressions].join(',');
}
