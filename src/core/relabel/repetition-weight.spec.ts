import { describe, expect, it } from 'vitest';
import { repetitionWeight } from './repetition-weight.js';

describe('the weight of an expression', () => {
  it.each([
    ['', 0],
    ['(.*)', 1],
    ['a+b*c?', 3],
    ['a+?b', 1],
    ['(a?b*){3}', 9],
    ['((a?){30}){30}', 1_830],
    ['x{2,5}', 5],
    ['x{4,}', 4],
    ['(?i)(?:a|b)+', 1],
    ['(?P<name>a*)', 1],
    ['[?*+{3}]', 0],
    ['[]?*]+', 1],
    ['[^]+]', 0],
    ['[[:alpha:]+]*', 1],
    ['[\\]+]', 0],
    ['\\?\\*\\+', 0],
    ['\\Qa+b*\\E?', 1],
    ['a{,3}b{x}', 0],
    ['(a+', 1],
    ['production|staging|development', 0],
  ])('of %s is %d', (expression, weight) => {
    expect(repetitionWeight(expression)).toBe(weight);
  });

  it('grows with every repetition of a long expression', () => {
    expect(repetitionWeight('[a-z]?'.repeat(16_666))).toBe(16_666);
  });
});
