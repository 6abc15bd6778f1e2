import { describe, expect, it } from 'vitest';
import { isMetaLabel, isValidLabelName } from './label-names.js';

describe('label names', () => {
  it.each([
    ['a', true, true],
    ['_A9', true, true],
    ['9a', true, false],
    ['a b', true, false],
    ['größe', true, false],
    ['__proto__', true, true],
    ['a\n', true, false],
    ['', false, false],
  ])('%j is valid: utf8 %s, legacy %s', (name, utf8, legacy) => {
    expect(isValidLabelName(name, 'utf8')).toBe(utf8);
    expect(isValidLabelName(name, 'legacy')).toBe(legacy);
  });

  it('knows meta labels by their prefix', () => {
    expect(isMetaLabel('__meta_kubernetes_pod_name')).toBe(true);
    expect(isMetaLabel('__metax')).toBe(false);
    expect(isMetaLabel('a__meta_')).toBe(false);
  });
});
