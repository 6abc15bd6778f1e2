import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { QuotedName } from './quoted-name.js';

const part = fc.oneof(
  fc.string({ unit: 'grapheme-ascii', maxLength: 9 }),
  fc.constantFrom('', 'a', 'ab', '"', '\\', 'é', '\u{1f600}', '\n'),
);
const viewOf = (bytes: Buffer): DataView =>
  new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);

describe('a name in quotes', () => {
  it('is found exactly where these bytes stand, whatever stands around them', () => {
    let found = 0;
    fc.assert(
      fc.property(part, part, part, part, (name, before, middle, after) => {
        const quoted = QuotedName.of(name);
        // With an escape, or beyond ASCII, bytes alone do not tell.
        const isPlain = /^[ !#-[\]-\x7f]*$/.test(name);
        expect(quoted !== undefined).toBe(isPlain);
        // Behind a name there is always more, in JSON: the reader looks up to three bytes further.
        const bytes = Buffer.from(`${before}"${middle}"${after}"${name}"${before}}]}`);
        for (let at = 0; quoted !== undefined && at <= bytes.length; at++) {
          const isThere = bytes.subarray(at).indexOf(`"${name}"`) === 0;
          if (isThere) found++;
          expect(quoted.isAt(viewOf(bytes), at)).toBe(isThere);
        }
      }),
    );
    expect(found).toBeGreaterThan(50);
  });
});
