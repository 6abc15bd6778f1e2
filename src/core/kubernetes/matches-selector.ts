import { labelSelectorText, type LabelSelectorTerms } from './label-selector.js';

/** Says whether an object with these labels is selected. */
export type LabelMatcher = (labels: Readonly<Record<string, string>>) => boolean;

/**
 * Whether labels satisfy every term of a selector; an empty selector takes everything. `NotIn` takes objects without the
 * label, too.
 *
 * @param labels An object without a prototype, so that no label seems to be there that is not.
 * @throws LabelSelectorError `TA_LABEL_SELECTOR_INVALID`, see {@link labelSelectorText}.
 * @see https://kubernetes.io/docs/concepts/overview/working-with-objects/labels/#label-selectors
 */
export function matchesSelector(
  selector: LabelSelectorTerms,
  labels: Readonly<Record<string, string>>,
): boolean {
  return labelMatcher(selector)(labels);
}

/** {@link matchesSelector} for many objects: the selector is checked once. */
export function labelMatcher(selector: LabelSelectorTerms): LabelMatcher {
  // Refuses what the API server would refuse.
  labelSelectorText(selector);
  const wanted = Object.entries(selector.matchLabels);
  const terms = selector.matchExpressions.map(matcherOf);
  return (labels) =>
    wanted.every(([key, value]) => labels[key] === value) && terms.every((term) => term(labels));
}

/** Whether the selector takes everything, whatever the labels. */
export function selectsEverything(selector: LabelSelectorTerms): boolean {
  return Object.keys(selector.matchLabels).length === 0 && selector.matchExpressions.length === 0;
}

function matcherOf({
  key,
  operator,
  values,
}: LabelSelectorTerms['matchExpressions'][number]): LabelMatcher {
  const accepted = new Set(values);
  switch (operator) {
    case 'In':
      return (labels) => accepted.has(labels[key] ?? absent);
    case 'NotIn':
      return (labels) => !accepted.has(labels[key] ?? absent);
    case 'Exists':
      return (labels) => labels[key] !== undefined;
    case 'DoesNotExist':
      return (labels) => labels[key] === undefined;
  }
}

/** No label has this value: spaces are not allowed in values. */
const absent = ' ';
