import { describe, expect, it } from 'vitest';
import { entityTag, isKnownToClient } from './if-none-match.js';

describe('entity tags', () => {
  it('differ between encodings, because the bytes do', () => {
    const tags = [entityTag('t', 'identity'), entityTag('t', 'gzip'), entityTag('t', 'br')];
    expect(tags).toEqual(['"t"', '"t.gzip"', '"t.br"']);
  });

  it.each(['"t"', 'W/"t"', '"t.gzip"', '"t.br"', '"a", "t"', ' "a" ,W/"t.br"', '*', ' * '])(
    'match If-None-Match %s',
    (header) => {
      expect(isKnownToClient(header, 't')).toBe(true);
    },
  );

  it.each([undefined, '', 't', '"T"', '"a"', '"t', 'w/"t"', '"t.zip"', '"*"'])(
    'do not match If-None-Match %s',
    (header) => {
      expect(isKnownToClient(header, 't')).toBe(false);
    },
  );
});
