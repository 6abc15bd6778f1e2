import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { md5 } from './md5.js';

const expected = (text: string) => createHash('md5').update(text).digest('hex');
const actual = (text: string) => Buffer.from(md5(text)).toString('hex');

describe('md5', () => {
  it('is the digest that node:crypto gives, for any text', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 130 }), (text) => {
        expect(actual(text)).toBe(expected(text));
      }),
      { numRuns: 100 },
    );
  });

  it('pads every length round the block size rightly', () => {
    const texts = Array.from({ length: 200 }, (_, length) => 'x'.repeat(length));
    expect(texts.map(actual)).toEqual(texts.map(expected));
  });
});
