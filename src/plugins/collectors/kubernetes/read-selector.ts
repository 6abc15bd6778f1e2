import {
  LabelSelectorError,
  labelSelectorText,
  type LabelSelectorTerms,
} from '../../../plugin-api/index.js';
import type { OptionsReader } from '../options-reader.js';

type Requirement = LabelSelectorTerms['matchExpressions'][number];
const operators = ['In', 'NotIn', 'Exists', 'DoesNotExist'] as const;

/** The selector's text from whichever of the two keys is there. */
export function readSelector(options: OptionsReader): string | undefined {
  const text = options.field('labelSelector');
  const selector = options.field('selector');
  if (text.isPresent && selector.isPresent) text.issue('cannot be given beside selector');
  if (text.isPresent) return text.text();
  return selector.isPresent ? readTerms(selector) : undefined;
}

function readTerms(selector: OptionsReader): string | undefined {
  selector.keys(['matchLabels', 'matchExpressions']);
  const expressions = selector.field('matchExpressions');
  const terms = {
    matchLabels: selector.field('matchLabels').labels() ?? {},
    matchExpressions: expressions.isPresent ? expressions.items().flatMap(readRequirement) : [],
  };
  try {
    return labelSelectorText(terms);
  } catch (error) {
    if (!(error instanceof LabelSelectorError)) throw error;
    selector.issue(error.message);
    return undefined;
  }
}

function readRequirement(item: OptionsReader): readonly Requirement[] {
  item.keys(['key', 'operator', 'values']);
  const key = item.field('key').requiredText();
  const named = item.field('operator').requiredText();
  const operator = operators.find((known) => known === named);
  if (operator === undefined)
    item.field('operator').issue(`must be one of ${operators.join(', ')}`);
  const values = item.field('values');
  const texts = values.isPresent ? values.items().map((value) => value.text() ?? '') : [];
  return operator === undefined ? [] : [{ key, operator, values: texts }];
}
