import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { LabelSet } from '../labels/label-set.js';
import { LabelHash } from './identity.js';
import { hostileLabels } from './testing/hostile-groups.js';

/** The identity of labels in the order in which they come: the sum of a hash for each. */
function identityOf(labels: LabelSet, hash: LabelHash): string {
  let high = 0;
  let low = 0;
  for (const [name, value] of Object.entries(labels)) {
    hash.name(name);
    hash.value(value, hash.high, hash.low);
    high = (high + hash.high) | 0;
    low = (low + hash.low) | 0;
  }
  return `${String(high)} ${String(low)}`;
}
const plainly = (labels: LabelSet): string => JSON.stringify(Object.entries(labels).sort());
const seed = fc.maxSafeInteger();

describe('identities', () => {
  it('are equal exactly when the labels are, whatever order they come in and whatever was hashed before', () => {
    let different = 0;
    fc.assert(
      fc.property(seed, fc.array(hostileLabels, { maxLength: 8 }), (given, sets) => {
        const used = new LabelHash(given);
        const identities = sets.map((labels) => identityOf(labels, used));
        sets.forEach((one, i) => {
          expect(identityOf(one, new LabelHash(given))).toBe(identities[i]);
          const differing = sets.map((other) => plainly(one) !== plainly(other));
          expect(identities.map((identity) => identity !== identities[i])).toEqual(differing);
          different += differing.filter((isDifferent) => isDifferent).length;
        });
      }),
      { numRuns: 200 },
    );
    expect(different).toBeGreaterThan(1_000);
  });

  it('differ for texts that differ in one place, in their length or in their order alone', () => {
    const hash = new LabelHash(1);
    const texts = new Set<string>();
    for (const unit of ['\0', 'a', 'b', '\ud800', '\uffff']) {
      for (let i = 0; i < 200; i++) {
        texts
          .add(unit.repeat(i))
          .add(`${'x'.repeat(i)}${unit}y`)
          .add(`${unit}${String(i)}`);
      }
    }
    const hashes = [...texts].map((text) => {
      hash.name(text);
      return [hash.high, hash.low] as const;
    });
    // Each half tells these few texts apart, so that both are worth their 32 bits.
    expect(new Set(hashes.map(([high]) => high)).size).toBe(texts.size);
    expect(new Set(hashes.map(([, low]) => low)).size).toBe(texts.size);
  });

  it('cannot be prepared: the same labels have others with another seed', () => {
    const someLabels = hostileLabels.filter((labels) => Object.keys(labels).length > 0);
    fc.assert(
      fc.property(seed, seed, someLabels, (one, other, labels) => {
        fc.pre(one !== other);
        const first = identityOf(labels, new LabelHash(one));
        expect(identityOf(labels, new LabelHash(other))).not.toBe(first);
      }),
      { numRuns: 500 },
    );
  });
});
