import { describe, expect, it } from 'vitest';
import { bytesOf, unescapeBytes } from './go-url-escape.js';

describe('bytes of a URL', () => {
  it('are those of UTF-8, whatever the length of the text', () => {
    const text = 'é'.repeat(1 << 19);
    expect(bytesOf(text)).toBe('\u00c3\u00a9'.repeat(1 << 19));
    expect(unescapeBytes(`%41${text}`)).toBe(`A${bytesOf(text)}`);
  });
});
