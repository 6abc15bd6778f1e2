import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { jsonTargetBudget } from './json-target-counter.js';
import { MAX_TARGETS } from './target-budget.js';

/** Gives a text to a new budget in pieces of this length. */
function take(text: string, pieceBytes: number): void {
  const bytes = Buffer.from(text);
  const budget = jsonTargetBudget();
  for (let at = 0; at < bytes.length; at += pieceBytes) budget(bytes.subarray(at, at + pieceBytes));
}

const most = JSON.stringify({ targets: new Array<string>(MAX_TARGETS - 10).fill('') });

/** Texts that look like the end of a list, of a group, of a text. */
const tricky = fc.string({ unit: fc.constantFrom('"', '\\', ',', '[', ']', '{', '}', ':', 'a') });
const someGroups = fc.array(
  fc.record({
    targets: fc.array(tricky, { maxLength: 3 }),
    labels: fc.dictionary(tricky, tricky, { maxKeys: 8 }),
  }),
  { minLength: 1, maxLength: 10 },
);

describe('the budget of targets in a JSON list', () => {
  it('counts targets, and groups without any, whatever the texts and wherever the pieces end', () => {
    fc.assert(
      fc.property(someGroups, fc.integer({ min: 1, max: 40 }), (groups, pieceBytes) => {
        const head = JSON.stringify(groups).slice(0, -1);
        const count = groups.reduce((sum, { targets }) => sum + Math.max(targets.length, 1), 0);
        const budget = jsonTargetBudget();
        const bytes = Buffer.from(`${head},`);
        for (let at = 0; at < bytes.length; at += pieceBytes) {
          budget(bytes.subarray(at, at + pieceBytes));
        }
        const rest = (targets: number): Buffer =>
          Buffer.from(`{"targets":[""${',""'.repeat(targets - 1)}`);
        budget(rest(MAX_TARGETS - count));
        expect(() => {
          budget(Buffer.from(',""'));
        }).toThrow('TA_TARGET_LIST_TOO_LONG');
      }),
      { numRuns: 20 },
    );
  });

  it.each([
    ['names its limit', `[${most},${'{},'.repeat(9)}{},{}]`, 'more than 2000000 targets or groups'],
    ['counts groups', `[{}${',{}'.repeat(MAX_TARGETS)}]`, 'TA_TARGET_LIST_TOO_LONG'],
    [
      'counts null',
      `[{"targets":[null${',null'.repeat(MAX_TARGETS)}]}]`,
      'TA_TARGET_LIST_TOO_LONG',
    ],
  ])('%s', (_, text, error) => {
    expect(() => {
      take(text, 65_536);
    }).toThrow(error);
  });

  it.each([
    ['as many as it allows', `[${most},${'{},'.repeat(9)}{}]`],
    ['one target with very many labels', `[{"labels":{"a":""${',"a":""'.repeat(MAX_TARGETS)}}}]`],
  ])('takes %s', (_, text) => {
    expect(() => {
      take(text, 65_536);
    }).not.toThrow();
  });
});
