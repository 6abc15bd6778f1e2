import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { LabelSelectorError, type LabelSelectorTerms } from './label-selector.js';
import { matchesSelector, selectsEverything } from './matches-selector.js';

type Term = LabelSelectorTerms['matchExpressions'][number];

function labels(entries: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  return Object.assign(Object.create(null) as Record<string, string>, entries);
}
function term(key: string, operator: Term['operator'], ...values: string[]): LabelSelectorTerms {
  return { matchLabels: {}, matchExpressions: [{ key, operator, values }] };
}

describe('a label selector', () => {
  it.each([
    ['takes a label with the value', { app: 'web' }, true],
    ['takes further labels', { app: 'web', tier: 'gold' }, true],
    ['does not take another value', { app: 'db' }, false],
    ['does not take an object without the label', {}, false],
  ])('with matchLabels %s', (_, own: Readonly<Record<string, string>>, expected) => {
    const selector = { matchLabels: { app: 'web' }, matchExpressions: [] };
    expect(matchesSelector(selector, labels(own))).toBe(expected);
  });

  it.each([
    [term('a', 'In', '1', '2'), { a: '2' }, true],
    [term('a', 'In', '1', '2'), { a: '3' }, false],
    [term('a', 'In', ''), {}, false],
    [term('a', 'In', ''), { a: '' }, true],
    [term('a', 'NotIn', '1'), { a: '1' }, false],
    [term('a', 'NotIn', '1'), { a: '2' }, true],
    [term('a', 'NotIn', '1'), {}, true],
    [term('a', 'Exists'), { a: '' }, true],
    [term('a', 'Exists'), {}, false],
    [term('a', 'DoesNotExist'), {}, true],
    [term('a', 'DoesNotExist'), { a: '' }, false],
    [term('constructor', 'Exists'), {}, false],
    [term('__proto__', 'DoesNotExist'), {}, true],
  ])('judges %j on %j', (selector, own: Readonly<Record<string, string>>, expected) => {
    expect(matchesSelector(selector, labels(own))).toBe(expected);
  });

  it('takes what satisfies every term', () => {
    fc.assert(
      fc.property(
        fc.array(
          fc.record({
            key: fc.constantFrom('a', 'b'),
            operator: fc.constantFrom('Exists' as const, 'DoesNotExist' as const),
            values: fc.constant([]),
          }),
        ),
        fc.dictionary(fc.constantFrom('a', 'b'), fc.constantFrom('', '1')),
        (matchExpressions, own) => {
          const each = matchExpressions.map((one) =>
            matchesSelector({ matchLabels: {}, matchExpressions: [one] }, labels(own)),
          );
          const all = matchesSelector({ matchLabels: {}, matchExpressions }, labels(own));
          expect(all).toBe(each.every(Boolean));
        },
      ),
    );
  });

  it('takes everything when it is empty', () => {
    const empty = { matchLabels: {}, matchExpressions: [] };
    expect(selectsEverything(empty)).toBe(true);
    expect(matchesSelector(empty, labels({}))).toBe(true);
    expect(selectsEverything(term('a', 'Exists'))).toBe(false);
  });

  it.each([term('a', 'In'), term('a', 'Exists', '1')])('refuses %j', (selector) => {
    expect(() => matchesSelector(selector, labels({}))).toThrow(LabelSelectorError);
  });
});
