import { describe, expect, it } from 'vitest';
import { LabelSelectorError, labelSelectorText } from './label-selector.js';

describe('labelSelectorText', () => {
  it('joins labels and requirements as the API server reads them', () => {
    const text = labelSelectorText({
      matchLabels: { app: 'otel', 'app.kubernetes.io/component': 'collector' },
      matchExpressions: [
        { key: 'tier', operator: 'In', values: ['silver', 'gold'] },
        { key: 'zone', operator: 'NotIn', values: ['a'] },
        { key: 'shard', operator: 'Exists', values: [] },
        { key: 'canary', operator: 'DoesNotExist', values: [] },
      ],
    });
    expect(text).toBe(
      'app=otel,app.kubernetes.io/component=collector,tier in (gold,silver),zone notin (a),shard,!canary',
    );
  });

  it('selects everything with an empty selector', () => {
    expect(labelSelectorText({ matchLabels: {}, matchExpressions: [] })).toBe('');
  });

  it.each([
    ['In', []],
    ['NotIn', []],
    ['Exists', ['a']],
    ['DoesNotExist', ['a']],
  ] as const)('refuses %s with the values %j', (operator, values) => {
    const selector = { matchLabels: {}, matchExpressions: [{ key: 'k', operator, values }] };
    expect(() => labelSelectorText(selector)).toThrow(LabelSelectorError);
  });
});
