import { describe, expect, it } from 'vitest';
import { labelSetOf } from './label-set.js';
import { mergeLabels } from './merge-labels.js';

describe('merging labels', () => {
  it('lets the target win over its group, with an empty value too', () => {
    const group = labelSetOf([
      ['a', 'group'],
      ['b', 'group'],
      ['c', 'group'],
    ]);
    const target = labelSetOf([
      ['b', 'target'],
      ['c', ''],
      ['__proto__', 'target'],
    ]);
    const merged = mergeLabels(group, target);
    expect(Object.entries(merged)).toEqual([
      ['a', 'group'],
      ['b', 'target'],
      ['c', ''],
      ['__proto__', 'target'],
    ]);
    expect(Object.getPrototypeOf(merged)).toBeNull();
  });
});
