import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compareUtf8 } from '../../../plugin-api/index.js';
import { NamePaths, type NameStep } from './name-path.js';

const label = '__meta_x';
const name = fc.constantFrom('a', 'b', '__proto__', '', label, 'é', '\uffff', '\u{1f600}', '7');

/** `undefined`: a name was refused. */
function follow(paths: NamePaths, names: readonly string[]): NameStep | undefined {
  return names.reduce<NameStep | undefined>(
    (step, next) => step && paths.follow(step, next),
    paths.start,
  );
}

describe('paths of names', () => {
  it('lead to the sorted names, and refuse those that are there twice', () => {
    fc.assert(
      fc.property(fc.array(fc.array(name, { maxLength: 5 }), { maxLength: 8 }), (lists) => {
        const paths = new NamePaths();
        for (const written of lists) {
          const step = follow(paths, written);
          expect(step !== undefined).toBe(new Set(written).size === written.length);
          if (step === undefined) continue;
          const { names, positions, originPosition } = step.names(label);
          expect(names).toEqual([...new Set([...written, label])].sort(compareUtf8));
          expect(Array.from(positions, (at) => names[at])).toEqual(written);
          expect(names[originPosition]).toBe(label);
          expect(follow(paths, written)).toBe(step);
        }
      }),
    );
  });

  it('are forgotten when there are many, without an effect on what they say', () => {
    const paths = new NamePaths();
    const first = follow(paths, ['a', 'b']);
    for (let i = 0; i < 20_000; i++) {
      expect(follow(paths, [`n${String(i)}`])?.names(label).names).toContain(`n${String(i)}`);
    }
    expect(follow(paths, ['a', 'b'])).not.toBe(first);
    expect(follow(paths, ['a', 'b'])?.names(label)).toEqual(first?.names(label));
  });

  it('have an end, so that a group with thousands of names costs no more than its length', () => {
    const many = Array.from({ length: 300 }, (_, i) => `n${String(i)}`);
    expect(follow(new NamePaths(), many)).toBeUndefined();
  });
});
