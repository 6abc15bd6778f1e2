import { compareUtf8 } from '../../../plugin-api/index.js';
import type { LabelSelector } from './label-selector.js';
import type { SpecValue } from './spec-value.js';

const name = /^[A-Za-z0-9](?:[-A-Za-z0-9_.]*[A-Za-z0-9])?$/;
const domain = /^[a-z0-9](?:[-a-z0-9]*[a-z0-9])?(?:\.[a-z0-9](?:[-a-z0-9]*[a-z0-9])?)*$/;
const longestName = 63;
const longestDomain = 253;

/**
 * Rejects a selector that the API server would refuse.
 *
 * @see k8s.io/apimachinery pkg/apis/meta/v1/helpers.go, `LabelSelectorAsSelector`
 */
export function checkLabelSelector(selector: LabelSelector, at: SpecValue): void {
  for (const [key, value] of selector.matchLabels) {
    checkKey(key, at);
    checkValue(key, value, at);
  }
  for (const { key, operator, values } of selector.matchExpressions) {
    checkKey(key, at);
    const takesValues = operator === 'In' || operator === 'NotIn';
    if (!takesValues && operator !== 'Exists' && operator !== 'DoesNotExist') {
      at.reject(`${shown(operator)} is no operator; use In, NotIn, Exists or DoesNotExist`);
    } else if (takesValues !== values.length > 0) {
      at.reject(`${operator} ${takesValues ? 'needs a value' : 'takes no values'}`);
    }
    for (const value of values) checkValue(key, value, at);
  }
}

/** The selector as a query to the API server, as the operator writes it: by key. */
export function selectorText(selector: LabelSelector): string {
  const terms = [
    ...selector.matchLabels.map(([key, value]) => ({ key, text: `${key}=${value}` })),
    ...selector.matchExpressions.map(({ key, operator, values }) => ({
      key,
      text: expressionText(key, operator, values),
    })),
  ];
  return terms
    .toSorted((a, b) => compareUtf8(a.key, b.key))
    .map(({ text }) => text)
    .join(',');
}

function expressionText(key: string, operator: string, values: readonly string[]): string {
  if (operator === 'Exists') return key;
  if (operator === 'DoesNotExist') return `!${key}`;
  const list = values.toSorted(compareUtf8).join(',');
  return `${key} ${operator === 'In' ? 'in' : 'notin'} (${list})`;
}

function checkKey(key: string, at: SpecValue): void {
  const parts = key.split('/', 3);
  const own = parts.at(-1) ?? '';
  const prefix = parts.length === 2 ? parts[0] : undefined;
  const isPrefixed =
    prefix === undefined || (prefix.length <= longestDomain && domain.test(prefix));
  const isNamed = own.length <= longestName && name.test(own);
  if (parts.length > 2 || !isPrefixed || !isNamed) at.reject(`${shown(key)} is no label key`);
}

function checkValue(key: string, value: string, at: SpecValue): void {
  if (value === '' || (value.length <= longestName && name.test(value))) return;
  at.reject(`${shown(value)} cannot be the value of label ${shown(key)}`);
}

function shown(text: string): string {
  return JSON.stringify(text.length <= 80 ? text : `${text.slice(0, 80)}…`);
}
