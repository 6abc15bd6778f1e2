import { describe, expect, it } from 'vitest';
import { quantity } from './quantity.js';

describe('a quantity finer than a nano', () => {
  it.each([
    ['2.5n', 3e-9],
    ['-02.5n', -3e-9],
    ['.5n', 1e-9],
    ['1e-999999', 1e-9],
    ['0e-12', 0],
    ['1.0000000001', 1.000000001],
  ])('is rounded up: %s is %d', (text, value) => {
    expect(quantity(text)).toBeCloseTo(value, 15);
  });
});

describe('a quantity', () => {
  it.each([
    ['1', 1],
    ['1.1', 1.1],
    ['1100m', 1.1],
    ['-0.5', -0.5],
    ['.5', 0.5],
    ['2k', 2_000],
    ['1e3', 1_000],
    ['1E-2', 0.01],
    ['1E', 1e18],
    ['1.5Ki', 1_536],
    ['5n', 5e-9],
  ])('%s is %d', (text, value) => {
    expect(quantity(text)).toBeCloseTo(value, 12);
  });

  it.each(['', '.', 'm', '1 ', '1kk', '1.1.1', 'x', '1K', `1${'0'.repeat(100)}`])(
    '%j is none',
    (text) => {
      expect(quantity(text)).toBeUndefined();
    },
  );
});
