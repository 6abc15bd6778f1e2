import { listOfPresent, mapOf, struct } from '../../../core/document/collections.js';
import type { Cursor } from '../../../core/document/cursor.js';
import { decoder, type Decoder, oneOf, refined, text } from '../../../core/document/decoder.js';
import type { LabelSelector, LabelSelectorRequirement } from '../allocator-config.js';

const operators = ['In', 'NotIn', 'Exists', 'DoesNotExist'] as const;

// The syntax of label names and values in Kubernetes (concepts/overview/working-with-objects/labels).
const labelName =
  /^(?:[a-z0-9](?:[-a-z0-9.]{0,251}[a-z0-9])?\/)?[A-Za-z0-9](?:[-\w.]{0,61}[A-Za-z0-9])?$/;
const labelValue = /^(?:[A-Za-z0-9](?:[-\w.]{0,61}[A-Za-z0-9])?)?$/;

const nameText = refined(text, (name, at) => {
  if (labelName.test(name)) return name;
  at.error('not a label name of Kubernetes', { hint: 'write [prefix/]name' });
  return undefined;
});
const valueText = refined(text, (value, at) => {
  if (labelValue.test(value)) return value;
  at.error('not a label value of Kubernetes', {
    hint: 'at most 63 letters, digits, -, _ and ., with a letter or digit at both ends',
  });
  return undefined;
});

const requirement = refined(
  struct({
    key: nameText,
    operator: oneOf(operators, undefined),
    values: listOfPresent(valueText, 'value'),
  }),
  (fields, at): LabelSelectorRequirement | undefined => {
    const { key, operator, values = [] } = fields;
    if (!at.has('key')) at.error('a requirement needs a key');
    if (!at.has('operator'))
      at.error('a requirement needs an operator', { hint: `use one of ${operators.join(', ')}` });
    if (key === undefined || operator === undefined) return undefined;
    checkValues(operator, values, at);
    return { key, operator, values };
  },
);

function checkValues(
  operator: LabelSelectorRequirement['operator'],
  values: readonly string[],
  at: Cursor,
): void {
  const needsValues = operator === 'In' || operator === 'NotIn';
  if (needsValues && values.length === 0) {
    at.field('values').error(`${operator} needs at least one value`);
  }
  if (!needsValues && values.length > 0) {
    at.field('values').error(`${operator} takes no values`, {
      hint: 'remove them, or use In or NotIn',
    });
  }
}

const requirements = listOfPresent(requirement, 'requirement');
const labels = mapOf(valueText, nameText);
const fields = struct({
  matchLabels: labels,
  matchlabels: labels,
  matchExpressions: requirements,
  matchexpressions: requirements,
});

/**
 * A label selector with its keys in camel case (Kubernetes) or lower case (what Go's YAML makes of them); camel case wins.
 * `{}` selects everything.
 */
export const labelSelector: Decoder<LabelSelector> = decoder((at) => {
  const selector = fields.decode(at);
  if (selector === undefined) return undefined;
  for (const [camel, lower] of [
    ['matchLabels', 'matchlabels'],
    ['matchExpressions', 'matchexpressions'],
  ] as const) {
    if (at.has(camel) && at.has(lower)) {
      at.key(lower).warn(`${lower} does not count beside ${camel}`, {
        hint: 'remove it',
        hideValue: true,
      });
    }
  }
  return {
    matchLabels: (at.has('matchLabels') ? selector.matchLabels : selector.matchlabels) ?? {},
    matchExpressions:
      (at.has('matchExpressions') ? selector.matchExpressions : selector.matchexpressions) ?? [],
  };
});
